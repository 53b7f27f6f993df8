# exports_only(target list): the target exports only what cmake/<list>.map names.
function(exports_only target list)
  set(map ${PROJECT_SOURCE_DIR}/cmake/${list}.map)
  target_link_options(${target} PRIVATE LINKER:--version-script=${map})
  set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS ${map})
endfunction()
