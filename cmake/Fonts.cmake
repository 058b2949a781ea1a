# The two fonts the viewer brings along: subsets of Noto Sans CJK SC (OFL) with just the characters that its own texts need.
# A name with any other character is drawn with the browser's fonts. The recipe, and why: assets/fonts.md.
#
# elicense_font_subset(font-bold.outlines SOURCE NotoSansCJK-Bold.ttc TEXTS font-bold.txt …)
# writes the font into the current build folder, anew when a text changes. It has every character of the texts, printable
# ASCII, and some marks.
function(elicense_font_subset font)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "SOURCE" "TEXTS")
  find_program(ELICENSE_HB_SUBSET hb-subset)
  find_program(ELICENSE_NODE node)
  find_path(ELICENSE_NOTO_CJK ${arg_SOURCE} NO_CMAKE_FIND_ROOT_PATH
    PATHS
      /usr/share/fonts/opentype/noto
      /usr/share/fonts/noto-cjk
      /usr/share/fonts/google-noto-cjk
      /usr/share/fonts/google-noto-sans-cjk-fonts
    NO_DEFAULT_PATH)
  if(NOT ELICENSE_HB_SUBSET OR NOT ELICENSE_NODE OR NOT ELICENSE_NOTO_CJK)
    message(FATAL_ERROR "The viewer's fonts are made with hb-subset (Debian: libharfbuzz-bin) and node from ${arg_SOURCE} "
      "(Debian: fonts-noto-cjk). Found: ${ELICENSE_HB_SUBSET}, ${ELICENSE_NODE}, ${ELICENSE_NOTO_CJK}. Name another folder "
      "with the font by -DELICENSE_NOTO_CJK=…")
  endif()
  set(texts "")
  foreach(text IN LISTS arg_TEXTS)
    if(EXISTS ${text})
      list(APPEND texts ${text})
    else()
      message(STATUS "${font}: ${text} is not there yet")
    endif()
  endforeach()
  set(script ${CMAKE_CURRENT_FUNCTION_LIST_FILE})
  add_custom_command(OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/${font}
    COMMAND ${CMAKE_COMMAND} -D HB_SUBSET=${ELICENSE_HB_SUBSET} -D NODE=${ELICENSE_NODE}
      -D SOURCE=${ELICENSE_NOTO_CJK}/${arg_SOURCE} -D FONT=${CMAKE_CURRENT_BINARY_DIR}/${font} -D "TEXTS=${texts}" -P ${script}
    DEPENDS ${texts} ${script} ${CMAKE_SOURCE_DIR}/cmake/compact-font.mjs
    COMMENT "Making ${font} from ${arg_SOURCE}"
    VERBATIM)
endfunction()

if(NOT CMAKE_SCRIPT_MODE_FILE STREQUAL CMAKE_CURRENT_LIST_FILE)
  return()
endif()

# From here on it is the script: cmake -D HB_SUBSET=… -D NODE=… -D SOURCE=… -D FONT=… -D TEXTS=…;… -P Fonts.cmake
foreach(name IN ITEMS HB_SUBSET NODE SOURCE FONT TEXTS)
  if(NOT DEFINED ${name})
    message(FATAL_ERROR "Fonts.cmake wants ${name}")
  endif()
endforeach()
set(characters " !\"#$%&'()*+,-./0123456789:\;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~")
string(APPEND characters "·•—…×～、，。：；（）“”")
foreach(text IN LISTS TEXTS)
  file(READ "${text}" content)
  string(REGEX REPLACE "//[^\n]*" "" content "${content}")
  string(APPEND characters "${content}")
endforeach()
file(WRITE ${FONT}.txt "${characters}")
set(simplified_chinese 2)  # JP, KR, SC, TC, HK: the order in every release of the collection
# The format that it becomes (compact-font.mjs) has outlines and advances, and lays out no script.
execute_process(
  COMMAND ${HB_SUBSET} ${SOURCE} --face-index=${simplified_chinese} --text-file=${FONT}.txt --output-file=${FONT}.otf
    --no-hinting --desubroutinize --layout-features= --name-IDs=
    --drop-tables+=GSUB,GPOS,GDEF,BASE,vhea,vmtx,VORG,DSIG,name,OS/2,post,gasp
  RESULT_VARIABLE status)
if(status EQUAL 0)
  execute_process(COMMAND ${NODE} ${CMAKE_CURRENT_LIST_DIR}/compact-font.mjs ${FONT}.otf ${FONT}
    RESULT_VARIABLE status)
endif()
if(NOT status EQUAL 0)
  file(REMOVE ${FONT})
  message(FATAL_ERROR "${FONT} could not be made")
endif()
