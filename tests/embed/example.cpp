// example.cpp -- the library from C++.
#include "cmigrate.h"

#include <cstdio>
#include <memory>

int main()
{
    CmigrateOptions options = {};
    options.config = "cmigrate.yaml";
    options.url = "sqlite:///cpp.db";
    Cmigrate *opened = nullptr;
    CmigrateStatus status = cmigrate_open(&options, &opened);
    std::unique_ptr<Cmigrate, decltype(&cmigrate_close)> m(opened, cmigrate_close);
    if (status == CMIGRATE_OK)
        status = cmigrate_upgrade(m.get(), nullptr, nullptr);
    if (status != CMIGRATE_OK)
        std::fprintf(stderr, "%s\n", cmigrate_message(m.get()));
    return status;
}
