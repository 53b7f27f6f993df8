# What is installed, and the Debian packages made of it: `cmigrate` (the program and its drivers) and `libcmigrate-dev`
# (the library for C programs). Modules are found relative to the program, so an installed tree may be moved.
set(share ${PROJECT_BINARY_DIR}/share)
set(made ${share}/cmigrate.1.gz ${share}/cmigrate.bash ${share}/_cmigrate ${share}/cmigrate.fish
  ${share}/model.schema.json ${share}/config.schema.json)
add_custom_command(OUTPUT ${made}
  COMMAND ${CMAKE_COMMAND} -E make_directory ${share}
  COMMAND cmigrate help --man > ${share}/cmigrate.1
  COMMAND gzip -9nf ${share}/cmigrate.1
  COMMAND cmigrate completion bash > ${share}/cmigrate.bash
  COMMAND cmigrate completion zsh > ${share}/_cmigrate
  COMMAND cmigrate completion fish > ${share}/cmigrate.fish
  COMMAND cmigrate help --json-schema model > ${share}/model.schema.json
  COMMAND cmigrate help --json-schema config > ${share}/config.schema.json
  DEPENDS cmigrate VERBATIM)
add_custom_target(share ALL DEPENDS ${made})

set(pc ${PROJECT_BINARY_DIR}/cmigrate.pc)
file(RELATIVE_PATH include_from_pc ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_FULL_INCLUDEDIR})
configure_file(${PROJECT_SOURCE_DIR}/cmake/cmigrate.pc.in ${pc} @ONLY)

install(FILES ${share}/cmigrate.1.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT program)
install(FILES ${share}/cmigrate.bash RENAME cmigrate DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions COMPONENT program)
# Debian's zsh reads the one below /usr/local, and the other below /usr.
install(FILES ${share}/_cmigrate DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions COMPONENT program)
if(EXISTS /etc/debian_version)
  install(FILES ${share}/_cmigrate DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions COMPONENT program)
endif()
install(FILES ${share}/cmigrate.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d COMPONENT program)
install(FILES ${share}/model.schema.json ${share}/config.schema.json DESTINATION ${CMAKE_INSTALL_DATADIR}/cmigrate COMPONENT program)
install(FILES LICENSE RENAME copyright DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT program)
file(GLOB pages ${PROJECT_SOURCE_DIR}/docs/*.md)
# As they lie in the sources, so that the links among them lead somewhere.
install(FILES README.md SECURITY.md CONTRIBUTING.md CHANGELOG.md LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT program)
install(FILES ${pages} DESTINATION ${CMAKE_INSTALL_DOCDIR}/docs COMPONENT program)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/docs/ci ${PROJECT_SOURCE_DIR}/docs/internals
  ${PROJECT_SOURCE_DIR}/docs/json DESTINATION ${CMAKE_INSTALL_DOCDIR}/docs COMPONENT program)
install(FILES core/api/cmigrate.h DESTINATION ${CMAKE_INSTALL_DOCDIR}/core/api COMPONENT program)
install(FILES core/api/cmigrate.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT development)
if(NOT CMIGRATE_STATIC)
  install(FILES ${public_archive} DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development)
  install(TARGETS cmigrate_shared LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT program NAMELINK_COMPONENT development)
endif()
install(FILES ${pc} DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT development)

set(CPACK_GENERATOR DEB TGZ)
set(CPACK_PACKAGE_NAME cmigrate)
set(CPACK_PACKAGE_VENDOR "cmigrate")
set(CPACK_PACKAGE_CONTACT "cmigrate developers <cmigrate@localhost>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL program development)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION database)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME cmigrate)
# By name: asked of the modules, the client libraries would be dependencies, and SQLite needs neither.
set(CPACK_DEBIAN_PROGRAM_PACKAGE_DEPENDS "libc6 (>= 2.34), libsqlite3-0 (>= 3.35), libyaml-0-2, libssl3")
set(CPACK_DEBIAN_PROGRAM_PACKAGE_RECOMMENDS "libpq5, libmariadb3")
set(CPACK_DEBIAN_PROGRAM_DESCRIPTION "schema migrations for SQLite, PostgreSQL, MySQL and MariaDB
 Compares a declared schema with a live database, writes the difference as a
 revision that a person reads, and applies revisions forward and backward.")
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME libcmigrate-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS "cmigrate (= ${PROJECT_VERSION}), libsqlite3-dev, libyaml-dev, libssl-dev")
set(CPACK_DEBIAN_DEVELOPMENT_DESCRIPTION "schema migrations as a C library
 For programs that bring their own database up to date when they start.")
include(CPack)
