# The libraries for other programs, libcmigrate.so and libcmigrate.a. Both export the names of core/api/cmigrate.h and no
# others, so that an application may call its own functions what it likes. tests/embed/symbols.sh reads their tables.
add_library(cmigrate_shared SHARED $<TARGET_OBJECTS:cmigrate_objects>)
set_target_properties(cmigrate_shared PROPERTIES OUTPUT_NAME cmigrate SOVERSION 0 VERSION ${PROJECT_VERSION} LINKER_LANGUAGE C)
target_link_libraries(cmigrate_shared PRIVATE cmigrate_objects)
exports_only(cmigrate_shared library)

# One object file in which all but the public names are local.
set(public_archive ${PROJECT_BINARY_DIR}/libcmigrate.a)
add_custom_command(OUTPUT ${public_archive}
  COMMAND ${CMAKE_LINKER} -r -o cmigrate_whole.o --whole-archive $<TARGET_FILE:libcmigrate>
  COMMAND ${CMAKE_OBJCOPY} --wildcard --keep-global-symbol=cmigrate_* cmigrate_whole.o
  COMMAND ${CMAKE_COMMAND} -E rm -f ${public_archive}
  COMMAND ${CMAKE_AR} rcs ${public_archive} cmigrate_whole.o
  COMMAND ${CMAKE_COMMAND} -E rm -f cmigrate_whole.o
  DEPENDS libcmigrate WORKING_DIRECTORY ${PROJECT_BINARY_DIR} VERBATIM)
add_custom_target(cmigrate_archive ALL DEPENDS ${public_archive})
