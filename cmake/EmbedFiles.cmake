# Files as part of a program: nothing is looked for at run time, and nothing but CMake is needed to build.
#
# elicense_embed_files(portraits.cpp HEADER authority/demo/portraits.h FUNCTION elicense::portrait FILES a.webp b.webp)
# writes portraits.cpp into the build folder, anew when a file changes. It defines the function, which the header has to
# declare as
#   std::span<const std::uint8_t> portrait(std::string_view name);   // "a.webp"; empty: no such file
function(elicense_embed_files source)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "HEADER;FUNCTION" "FILES")
  list(TRANSFORM arg_FILES REPLACE "^([^/])" "${CMAKE_CURRENT_SOURCE_DIR}/\\1")
  set(script ${CMAKE_CURRENT_FUNCTION_LIST_FILE})
  add_custom_command(OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/${source}
    COMMAND ${CMAKE_COMMAND} -P ${script} ${CMAKE_CURRENT_BINARY_DIR}/${source} ${arg_HEADER} ${arg_FUNCTION} ${arg_FILES}
    DEPENDS ${arg_FILES} ${script}
    COMMENT "Embedding files into ${source}"
    VERBATIM)
endfunction()

if(NOT CMAKE_SCRIPT_MODE_FILE STREQUAL CMAKE_CURRENT_LIST_FILE)
  return()
endif()

# From here on it is the script: cmake -P EmbedFiles.cmake SOURCE HEADER FUNCTION FILES…
set(source ${CMAKE_ARGV3})
set(header ${CMAKE_ARGV4})
set(function ${CMAKE_ARGV5})
string(REPEAT "[0-9a-f]" 40 twenty_bytes)
set(arrays "")
set(rows "")
math(EXPR last "${CMAKE_ARGC} - 1")
foreach(i RANGE 6 ${last})
  get_filename_component(name ${CMAKE_ARGV${i}} NAME)
  file(READ ${CMAKE_ARGV${i}} bytes HEX)
  string(REGEX REPLACE "(${twenty_bytes})" "\\1\n    " bytes "${bytes}")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
  string(APPEND arrays "constexpr std::uint8_t kFile${i}[] = {  // ${name}\n    ${bytes}};\n")
  string(APPEND rows "    {\"${name}\", kFile${i}},\n")
endforeach()
file(WRITE ${source} "// Written by cmake/EmbedFiles.cmake.
#include \"${header}\"

namespace {

${arrays}
struct File {
  std::string_view name;
  std::span<const std::uint8_t> bytes;
};
constexpr File kFiles[] = {
${rows}};

}  // namespace

std::span<const std::uint8_t> ${function}(std::string_view name) {
  for (const File& file : kFiles) {
    if (file.name == name) return file.bytes;
  }
  return {};
}
")
