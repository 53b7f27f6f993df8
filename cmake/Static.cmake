# -DCMIGRATE_STATIC=ON: one program that needs no file beside it. pkg-config is asked for static libraries with all that they
# need, and what it names is looked for as an archive. Only the program is made then: no libraries for others, no tests.
if(CMIGRATE_STATIC)
  set(PKG_CONFIG_ARGN --static)
  set(CMAKE_FIND_LIBRARY_SUFFIXES .a)
  add_link_options(-static-pie)
endif()

# static_needs(LIBRARY FUNCTION): says now what the linker would say in a hundred lines. Debian's libpq.a, for one, calls
# functions that are in no archive.
function(static_needs library function)
  if(CMIGRATE_STATIC)
    include(CheckFunctionExists)
    set(CMAKE_REQUIRED_LIBRARIES ${library})
    set(CMAKE_REQUIRED_LINK_OPTIONS -static-pie)
    check_function_exists(${function} static_${function})
    if(NOT static_${function})
      message(FATAL_ERROR "A program with ${function} cannot be linked with the static libraries of this machine. "
        "Run cmake/static/build.sh, which makes them of their sources, or leave CMIGRATE_STATIC off.")
    endif()
  endif()
endfunction()
