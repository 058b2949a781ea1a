# The few kinds of target there are. A list of sources may be empty: then there is nothing to build yet.

# elicense_library(codec SOURCES base45.cpp … DEPENDS elicense::base PRIVATE_DEPENDS third_party::libdeflate)
# makes elicense::codec from src/codec. What is in PRIVATE_DEPENDS is out of sight for everybody who uses the library.
# FAST names those of the sources that every check of a live code runs through. In wasm, where all is compiled for size, a
# program or module that is FAST has them compiled for speed. (Emscripten adds -fno-inline-functions to -Oz, and a later
# -O2 alone does not take it away.)
function(elicense_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;FAST;DEPENDS;PRIVATE_DEPENDS")
  set(target elicense_${name})
  if(arg_SOURCES)
    add_library(${target} STATIC ${arg_SOURCES})
    target_include_directories(${target} PUBLIC ${CMAKE_SOURCE_DIR}/src)
    target_link_libraries(${target}
      PUBLIC ${arg_DEPENDS}
      PRIVATE elicense_warnings elicense_no_exceptions ${arg_PRIVATE_DEPENDS})
  else()
    add_library(${target} INTERFACE)
    target_include_directories(${target} INTERFACE ${CMAKE_SOURCE_DIR}/src)
    target_link_libraries(${target} INTERFACE ${arg_DEPENDS})
  endif()
  if(EMSCRIPTEN AND arg_FAST AND CMAKE_BUILD_TYPE STREQUAL "Release")
    add_library(${target}_fast STATIC EXCLUDE_FROM_ALL ${arg_FAST})
    target_compile_options(${target}_fast PRIVATE -O2 -finline-functions)
    target_link_libraries(${target}_fast PRIVATE ${target} elicense_warnings elicense_no_exceptions ${arg_PRIVATE_DEPENDS})
    set_property(GLOBAL APPEND PROPERTY ELICENSE_FAST ${target}_fast)
  endif()
  add_library(elicense::${name} ALIAS ${target})
endfunction()

# elicense_program(elicense [FAST] SOURCES main.cpp … DEPENDS elicense::licence)
# Under Emscripten the program is a script for Node that sees the files and the environment of the machine.
function(elicense_program name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "FAST" "" "SOURCES;DEPENDS")
  if(NOT arg_SOURCES)
    return()
  endif()
  add_executable(${name} ${arg_SOURCES})
  if(arg_FAST)
    get_property(fast GLOBAL PROPERTY ELICENSE_FAST)
    target_link_libraries(${name} PRIVATE ${fast})  # in front of the same functions made small
  endif()
  target_link_libraries(${name} PRIVATE elicense_warnings elicense_no_exceptions ${arg_DEPENDS})
  if(EMSCRIPTEN)
    elicense_node_program(${name})
  endif()
endfunction()

function(elicense_node_program name)
  # So that the tests are of what a browser runs.
  target_sources(${name} PRIVATE ${CMAKE_SOURCE_DIR}/src/wasm/browser_numbers.cpp)
  set(pre_js ${CMAKE_SOURCE_DIR}/cmake/node-program.js)
  if(EMSCRIPTEN_VERSION VERSION_LESS 3.1.25)
    set(stack -sTOTAL_STACK=1MB)
  else()
    set(stack -sSTACK_SIZE=1MB)
  endif()
  target_link_options(${name} PRIVATE
    -sENVIRONMENT=node -sNODERAWFS=1 -sEXIT_RUNTIME=1 -sALLOW_MEMORY_GROWTH=1 ${stack}
    # Node 18 and later have a fetch that cannot read files; the glue of 3.1.6 would use it. Compiling in place it does not.
    -sWASM_ASYNC_COMPILATION=0
    $<$<CONFIG:Debug>:-sASSERTIONS=1> $<$<CONFIG:Debug>:-sSTACK_OVERFLOW_CHECK=2>
    --pre-js ${pre_js})
  set_target_properties(${name} PROPERTIES LINK_DEPENDS ${pre_js})
endfunction()

# elicense_web_module(e-license-signer SOURCES signer.cpp EXPORTS elicense_signer_create … DEPENDS elicense::crypto)
# makes build/wasm/e-license-signer.wasm and e-license-signer.js, the glue as an ES module, which web/build.mjs bundles.
# EXPORTS are the C functions that the page calls. FAST: as in elicense_program. GRAPHICS: it draws, by WebGL2, to a context that the page hands in
# (useContext of src/wasm/context.js).
function(elicense_web_module name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "FAST;GRAPHICS" "" "SOURCES;EXPORTS;DEPENDS")
  add_executable(${name} ${arg_SOURCES} ${CMAKE_SOURCE_DIR}/src/wasm/browser_numbers.cpp)
  if(arg_FAST)
    get_property(fast GLOBAL PROPERTY ELICENSE_FAST)
    target_link_libraries(${name} PRIVATE ${fast})
  endif()
  target_link_libraries(${name} PRIVATE elicense_warnings elicense_no_exceptions ${arg_DEPENDS})
  list(TRANSFORM arg_EXPORTS PREPEND _)
  list(JOIN arg_EXPORTS , exports)
  if(EMSCRIPTEN_VERSION VERSION_LESS 3.1.25)
    set(stack -sTOTAL_STACK=512KB)
  else()
    set(stack -sSTACK_SIZE=512KB -sEXPORTED_RUNTIME_METHODS=HEAPU8) # before, it was always there
  endif()
  target_link_options(${name} PRIVATE
    # Not a worker, but with it the glue also runs in Node, when it is given the bytes.
    --no-entry -sENVIRONMENT=web,worker -sMODULARIZE=1 -sEXPORT_ES6=1
    -sEXPORTED_FUNCTIONS=${exports} -sINCOMING_MODULE_JS_API=instantiateWasm,wasmBinary
    -sFILESYSTEM=0 -sMALLOC=emmalloc -sALLOW_MEMORY_GROWTH=1 ${stack} -sSUPPORT_LONGJMP=0 -sSUPPORT_ERRNO=0
    # No `new Function`: a strict content security policy refuses it.
    -sDYNAMIC_EXECUTION=0 -sTEXTDECODER=2
    # Once more over what the first time has made simpler, with small functions put where they are called: 3 KB of the
    # download.
    $<$<CONFIG:Release>:-sBINARYEN_EXTRA_PASSES=--inlining-optimizing,-Oz,--always-inline-max-function-size=5>
    $<$<CONFIG:Debug>:-sASSERTIONS=1> $<$<CONFIG:Debug>:-sSTACK_OVERFLOW_CHECK=2>)
  if(arg_GRAPHICS)
    set(context ${CMAKE_SOURCE_DIR}/src/wasm/context.js)
    target_link_options(${name} PRIVATE
      -sMIN_WEBGL_VERSION=2 -sMAX_WEBGL_VERSION=2 -sGL_TRACK_ERRORS=0
      -sGL_SUPPORT_AUTOMATIC_ENABLE_EXTENSIONS=0 -sGL_SUPPORT_SIMPLE_ENABLE_EXTENSIONS=0
      -sGL_WORKAROUND_SAFARI_GETCONTEXT_BUG=0 # the page gets the context
      --post-js ${context})
    set_target_properties(${name} PROPERTIES LINK_DEPENDS ${context})
  endif()
endfunction()
