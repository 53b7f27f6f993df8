set(text "// Generated from drivers/${ENGINE}/sql; each name is a file there.\n")
foreach(file IN LISTS FILES)
  get_filename_component(name ${file} NAME_WE)
  file(READ ${file} hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
  string(REGEX REPLACE "(0x[89a-f])" "(char)\\1" bytes "${bytes}") # beyond ASCII
  string(APPEND text "static const char ${ENGINE}_sql_${name}[] __attribute__((unused)) = { ${bytes} 0 };\n")
endforeach()
file(WRITE ${OUT} "${text}")
