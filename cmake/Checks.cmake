# Targets for developers: tidy, memcheck, coverage and fuzz. CMakePresets.json has a workflow for each.
file(GLOB checked_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/core/*/*.c ${PROJECT_SOURCE_DIR}/drivers/*.c
  ${PROJECT_SOURCE_DIR}/drivers/*/*/*.c ${PROJECT_SOURCE_DIR}/cli/*.c ${PROJECT_SOURCE_DIR}/cli/*/*.c)
set(check ${PROJECT_SOURCE_DIR}/tests/style/check.sh)

# `all` first: the SQL of the drivers is embedded in generated headers
add_custom_target(tidy
  COMMAND ${CMAKE_COMMAND} --build ${PROJECT_BINARY_DIR}
  COMMAND ${check} tidy ${PROJECT_BINARY_DIR} ${checked_sources}
  COMMAND ${check} cppcheck ${PROJECT_BINARY_DIR} ${checked_sources}
  COMMAND ${check} analyzer ${PROJECT_BINARY_DIR} ${checked_sources}
  USES_TERMINAL VERBATIM)
add_custom_target(memcheck
  COMMAND ${CMAKE_COMMAND} --build ${PROJECT_BINARY_DIR}
  COMMAND ${check} memcheck ${PROJECT_BINARY_DIR}
  USES_TERMINAL VERBATIM)
if(CMIGRATE_COVERAGE)
  add_custom_target(coverage
    COMMAND ${CMAKE_COMMAND} --build ${PROJECT_BINARY_DIR}
    COMMAND ${check} coverage ${PROJECT_BINARY_DIR}
    USES_TERMINAL VERBATIM)
endif()
if(CMIGRATE_FUZZ)
  add_custom_target(fuzz
    COMMAND ${CMAKE_COMMAND} --build ${PROJECT_BINARY_DIR}
    COMMAND ${check} fuzz ${PROJECT_BINARY_DIR}
    USES_TERMINAL VERBATIM)
endif()
