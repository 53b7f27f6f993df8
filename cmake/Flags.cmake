# Compile flags, on one interface target that every other target uses.
add_library(cmigrate_flags INTERFACE)
target_compile_features(cmigrate_flags INTERFACE c_std_17)
# Functions that are never called are a compile error. The file comes before any other, so _GNU_SOURCE must stand here.
target_compile_definitions(cmigrate_flags INTERFACE _GNU_SOURCE=)
target_compile_options(cmigrate_flags INTERFACE "SHELL:-include ${PROJECT_SOURCE_DIR}/core/base/banned.h")
target_compile_options(cmigrate_flags INTERFACE
  -Wall -Wextra -Wpedantic
  -Wshadow               # a name that hides another
  -Wstrict-prototypes -Wmissing-prototypes
  -Wwrite-strings        # literals are const
  -Wcast-qual            # const is not cast away
  -Wvla                  # no stack that input can size
  -Wformat=2 -Wundef
  -Wswitch-enum          # a new kind of object names every place that must learn it
  -Wno-format-nonliteral
  -fvisibility=hidden)
if(CMAKE_C_COMPILER_ID STREQUAL "GNU")
  target_compile_options(cmigrate_flags INTERFACE -Wduplicated-cond -Wlogical-op)
endif()
if(CMIGRATE_WERROR)
  target_compile_options(cmigrate_flags INTERFACE -Werror)
endif()
if(CMIGRATE_SANITIZE)
  target_compile_options(cmigrate_flags INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
  if(CMAKE_C_COMPILER_ID STREQUAL "GNU")
    # Undefined behaviour stops the program by a signal, without a text: gcc keeps a record of each place where there could be a
    # text, AddressSanitizer registers each of the 100,000 records when a program starts, and LeakSanitizer reads them when it ends.
    # Tests start thousands of programs. ASAN_OPTIONS=handle_sigill=1 shows the place. So nothing calls libubsan, and without it
    # LeakSanitizer has 6 MB of tables less to read at each end.
    target_compile_options(cmigrate_flags INTERFACE -fsanitize-undefined-trap-on-error)
    target_link_options(cmigrate_flags INTERFACE -fsanitize=address)
    set(CMAKE_C_LINK_OPTIONS_PIE -no-pie) # AddressSanitizer's record of each variable and string holds three addresses to relocate
  else()
    target_link_options(cmigrate_flags INTERFACE -fsanitize=address,undefined)
  endif()
elseif(NOT CMIGRATE_FUZZ)
  # Hardening of what is shipped; tests/style/hardening.sh looks whether it is there
  target_compile_options(cmigrate_flags INTERFACE -fstack-protector-strong $<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2>)
  target_link_options(cmigrate_flags INTERFACE -Wl,-z,relro,-z,now,-z,noexecstack)
  if(CMIGRATE_HARDEN)
    include(CheckCCompilerFlag)
    foreach(flag -fstack-clash-protection -fcf-protection -mbranch-protection=standard)
      string(MAKE_C_IDENTIFIER "takes${flag}" takes)
      check_c_compiler_flag(${flag} ${takes})
      if(${takes})
        target_compile_options(cmigrate_flags INTERFACE ${flag})
      endif()
    endforeach()
  endif()
endif()
if(CMIGRATE_FAULTS)
  target_compile_definitions(cmigrate_flags INTERFACE CMIGRATE_FAULTS)
endif()
if(CMIGRATE_COVERAGE)
  target_compile_options(cmigrate_flags INTERFACE -fprofile-instr-generate -fcoverage-mapping)
  target_link_options(cmigrate_flags INTERFACE -fprofile-instr-generate -fcoverage-mapping)
endif()
if(CMIGRATE_FUZZ)
  # all code is instrumented, so that a fuzzer sees where it gets
  target_compile_options(cmigrate_flags INTERFACE -fsanitize=fuzzer-no-link)
  target_link_options(cmigrate_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
