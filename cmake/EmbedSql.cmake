# embed_sql(target engine): drivers/<engine>/sql/<name>.sql becomes `static const char <engine>_sql_<name>[]` in the
# generated header "<engine>_sql.h". The files run as they are in the engine's own client.
function(embed_sql target engine)
  file(GLOB files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/drivers/${engine}/sql/*.sql)
  if(NOT files)
    return()
  endif()
  set(folder ${PROJECT_BINARY_DIR}/generated/${engine})
  set(header ${folder}/${engine}_sql.h)
  add_custom_command(OUTPUT ${header}
    COMMAND ${CMAKE_COMMAND} -DENGINE=${engine} -DOUT=${header} "-DFILES=${files}" -P ${PROJECT_SOURCE_DIR}/cmake/EmbedSqlFiles.cmake
    DEPENDS ${files} ${PROJECT_SOURCE_DIR}/cmake/EmbedSqlFiles.cmake VERBATIM)
  target_sources(${target} PRIVATE ${header})
  target_include_directories(${target} PRIVATE ${folder})
endfunction()
