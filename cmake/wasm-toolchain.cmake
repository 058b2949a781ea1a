# Emscripten as found on PATH: Debian's package or an emsdk, whichever comes first.
find_program(ELICENSE_EMXX em++ REQUIRED)
file(REAL_PATH ${ELICENSE_EMXX} emxx)
get_filename_component(emscripten_root ${emxx} DIRECTORY)
include(${emscripten_root}/cmake/Modules/Platform/Emscripten.cmake)

# Debian's emcc finds acorn, which it needs to optimise while linking, only with this; an emsdk brings its own.
if(EXISTS ${emscripten_root}/wrapper AND EXISTS /usr/share/nodejs/acorn)
  set(ENV{NODE_PATH} /usr/share/nodejs)
  set(CMAKE_C_LINKER_LAUNCHER ${CMAKE_COMMAND} -E env NODE_PATH=/usr/share/nodejs)
  set(CMAKE_CXX_LINKER_LAUNCHER ${CMAKE_C_LINKER_LAUNCHER})
endif()
