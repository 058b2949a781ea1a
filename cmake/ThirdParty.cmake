# The outside libraries, compiled from the sources ./dev put into the cache (see third-party.pins). Each has one home
# folder in src/, which links it privately. Always optimised (for speed, or with SMALL in wasm for size as ours are), never
# warned about, ASan but not UBSan.

set(default_cache "$ENV{HOME}/.cache")
if(DEFINED ENV{XDG_CACHE_HOME} AND NOT "$ENV{XDG_CACHE_HOME}" STREQUAL "")
  set(default_cache "$ENV{XDG_CACHE_HOME}")
endif()
set(ELICENSE_CACHE "${default_cache}/elicense" CACHE PATH "Where ./dev keeps the sources of outside libraries")

# third_party_source(libsodium directory): the folder of that library's pinned source. The folder's name is made of the
# pinned version and the start of its checksum, as cmake/third-party.sh makes it.
function(third_party_source name result)
  set(pins ${CMAKE_SOURCE_DIR}/cmake/third-party.pins)
  set_property(DIRECTORY ${CMAKE_SOURCE_DIR} APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${pins})
  file(STRINGS ${pins} line REGEX "^${name} ")
  separate_arguments(line UNIX_COMMAND "${line}")
  list(GET line 3 version)
  list(GET line 6 sha256)
  string(SUBSTRING ${sha256} 0 12 short)
  set(source ${ELICENSE_CACHE}/sources/${name}-${version}-${short})
  if(NOT EXISTS ${source}/)
    message(FATAL_ERROR "The source of ${name} ${version} is not in ${ELICENSE_CACHE}: run ./dev build, which fetches it.")
  endif()
  set(${result} ${source} PARENT_SCOPE)
endfunction()

function(third_party_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "SMALL" "" "SOURCES;INCLUDE;PRIVATE_INCLUDE;DEFINES;PUBLIC_DEFINES")
  set(target third_party_${name})
  add_library(${target} STATIC ${arg_SOURCES})
  target_include_directories(${target} SYSTEM PUBLIC ${arg_INCLUDE} PRIVATE ${arg_PRIVATE_INCLUDE})
  target_compile_definitions(${target} PUBLIC ${arg_PUBLIC_DEFINES} PRIVATE ${arg_DEFINES})
  target_compile_options(${target} PRIVATE -w)
  if(NOT (arg_SMALL AND EMSCRIPTEN AND CMAKE_BUILD_TYPE STREQUAL "Release"))
    target_compile_options(${target} PRIVATE -O2)
  endif()
  if(ELICENSE_SANITIZE)
    target_compile_options(${target} PRIVATE -fno-sanitize=undefined)
  endif()
  add_library(third_party::${name} ALIAS ${target})
endfunction()

# --- libsodium: Ed25519, SHA-256 and SHA-512, wiping and comparing. Home: src/crypto --------------------------------
# Only the files these need, so no configure (3.6 minutes under Emscripten) and no sodium_init: nothing in them picks an
# implementation at run time, and randomness is handed in by us (libsodium-stand-ins.c).
third_party_source(libsodium sodium)
file(STRINGS ${sodium}/configure.ac VERSION REGEX "^AC_INIT")
string(REGEX REPLACE ".*\\[libsodium\\], *\\[([0-9.]+)\\].*" "\\1" VERSION "${VERSION}")
foreach(part IN ITEMS MAJOR MINOR)
  file(STRINGS ${sodium}/configure.ac line REGEX "^SODIUM_LIBRARY_VERSION_${part}=")
  string(REGEX REPLACE ".*=" "" SODIUM_LIBRARY_VERSION_${part} "${line}")
endforeach()
set(SODIUM_LIBRARY_MINIMAL_DEF "")
set(sodium ${sodium}/src/libsodium)
configure_file(${sodium}/include/sodium/version.h.in ${CMAKE_BINARY_DIR}/third-party/libsodium/sodium/version.h @ONLY)
set(sodium_defines CONFIGURED=1 NATIVE_LITTLE_ENDIAN=1 HAVE_C_VARARRAYS=1 HAVE_INLINE_ASM=1)
if(NOT EMSCRIPTEN)
  # 128-bit products: the radix 2^51 field arithmetic, twice as fast as the portable one.
  list(APPEND sodium_defines HAVE_TI_MODE=1 HAVE_EXPLICIT_BZERO=1 _DEFAULT_SOURCE=1)
endif()
third_party_library(libsodium SMALL
  SOURCES
    ${CMAKE_SOURCE_DIR}/cmake/libsodium-stand-ins.c
    ${sodium}/crypto_core/ed25519/ref10/ed25519_ref10.c
    ${sodium}/crypto_hash/sha256/cp/hash_sha256_cp.c
    ${sodium}/crypto_hash/sha256/hash_sha256.c
    ${sodium}/crypto_hash/sha512/cp/hash_sha512_cp.c
    ${sodium}/crypto_hash/sha512/hash_sha512.c
    ${sodium}/crypto_sign/ed25519/ref10/keypair.c
    ${sodium}/crypto_sign/ed25519/ref10/open.c
    ${sodium}/crypto_sign/ed25519/ref10/sign.c
    ${sodium}/crypto_sign/ed25519/sign_ed25519.c
    ${sodium}/crypto_verify/verify.c
    ${sodium}/sodium/codecs.c
    ${sodium}/sodium/utils.c
  INCLUDE ${CMAKE_BINARY_DIR}/third-party/libsodium ${sodium}/include
  PRIVATE_INCLUDE ${CMAKE_BINARY_DIR}/third-party/libsodium/sodium ${sodium}/include/sodium
  DEFINES ${sodium_defines}
  PUBLIC_DEFINES SODIUM_STATIC=1)

# --- libdeflate: bounded inflate, deflate, zlib, CRC-32. Home: src/codec --------------------------------------------
third_party_source(libdeflate deflate)
third_party_library(libdeflate SMALL
  SOURCES
    ${CMAKE_SOURCE_DIR}/cmake/libdeflate-one-level.c
    ${deflate}/lib/adler32.c
    ${deflate}/lib/arm/cpu_features.c
    ${deflate}/lib/crc32.c
    ${deflate}/lib/deflate_compress.c
    ${deflate}/lib/deflate_decompress.c
    ${deflate}/lib/utils.c
    ${deflate}/lib/x86/cpu_features.c
    ${deflate}/lib/zlib_compress.c
    ${deflate}/lib/zlib_decompress.c
  INCLUDE ${deflate})

# --- qrencode (LGPL-2.1): QR symbols. Home: src/codec ---------------------------------------------------------------
third_party_source(qrencode qrencode)
third_party_library(qrencode SMALL
  SOURCES
    ${qrencode}/bitstream.c
    ${qrencode}/mask.c
    ${qrencode}/mmask.c
    ${qrencode}/mqrspec.c
    ${qrencode}/qrencode.c
    ${qrencode}/qrinput.c
    ${qrencode}/qrspec.c
    ${qrencode}/rsecc.c
    ${qrencode}/split.c
  INCLUDE ${qrencode}
  # What its configure would write to config.h. No lock: its tables are constants, and wasm has one thread.
  DEFINES MAJOR_VERSION=4 MINOR_VERSION=1 MICRO_VERSION=1 VERSION="4.1.1" STATIC_IN_RELEASE=static HAVE_STRDUP=1)

# --- nlohmann/json: headers only. Home: src/codec -------------------------------------------------------------------
third_party_source(nlohmann-json json)
add_library(third_party_nlohmann_json INTERFACE)
target_include_directories(third_party_nlohmann_json SYSTEM INTERFACE ${json}/include)
# Without exceptions a misuse of it stops the program; we ask before we take. No streams, no silent conversions, and not
# the ranges of libstdc++, which clang 14 cannot read.
target_compile_definitions(third_party_nlohmann_json INTERFACE
  JSON_NOEXCEPTION=1 JSON_NO_IO=1 JSON_USE_IMPLICIT_CONVERSIONS=0 JSON_HAS_RANGES=0 JSON_HAS_FILESYSTEM=0
  JSON_HAS_EXPERIMENTAL_FILESYSTEM=0)
add_library(third_party::nlohmann_json ALIAS third_party_nlohmann_json)

# --- Dear ImGui: draw lists, paths and the font atlas. Homes: src/view, src/wasm ------------------------------------
# The view makes no ImGui context and no window, so that the linker leaves all of that out. That is also why it brings no backend: ours draws the lists (src/view/renderer.cpp).
third_party_source(imgui imgui)
third_party_library(imgui SMALL
  SOURCES
    ${imgui}/imgui.cpp
    ${imgui}/imgui_draw.cpp
    ${imgui}/imgui_tables.cpp
    ${imgui}/imgui_widgets.cpp
  INCLUDE ${imgui}
  PUBLIC_DEFINES
    IMGUI_DISABLE_OBSOLETE_FUNCTIONS IMGUI_DISABLE_DEMO_WINDOWS IMGUI_DISABLE_DEBUG_TOOLS IMGUI_DISABLE_DEFAULT_FONT
    IMGUI_DISABLE_FILE_FUNCTIONS IMGUI_DISABLE_DEFAULT_SHELL_FUNCTIONS IMGUI_DISABLE_DEFAULT_FORMAT_FUNCTIONS
    IMGUI_USE_WCHAR32
    # In FreeType's place stands our own loader (src/view/outline_font.cpp). Without it, it brings stb_truetype's.
    IMGUI_ENABLE_FREETYPE)
# Its hash, here only of a font and a size, brings a table of 1 KB that does not compress: ours is in src/view/fonts.cpp.
set_source_files_properties(${imgui}/imgui_draw.cpp PROPERTIES COMPILE_DEFINITIONS ImHashData=elicense_hash)
set_target_properties(third_party_imgui PROPERTIES EXCLUDE_FROM_ALL ON)  # fuzz targets do not draw

# --- GoogleTest, from Debian's source package for linking. Only tests use it ----------------------------------------
find_path(ELICENSE_GOOGLETEST src/gtest-all.cc
  PATHS /usr/src/googletest/googletest /usr/src/gtest
  NO_DEFAULT_PATH NO_CMAKE_FIND_ROOT_PATH REQUIRED)
third_party_library(googletest
  SOURCES ${ELICENSE_GOOGLETEST}/src/gtest-all.cc ${ELICENSE_GOOGLETEST}/src/gtest_main.cc
  INCLUDE ${ELICENSE_GOOGLETEST}/include
  PRIVATE_INCLUDE ${ELICENSE_GOOGLETEST})
# Compiled as the tests that use it are. Its assertions are not what we measure: build it fast.
target_compile_options(third_party_googletest PRIVATE -O0)
target_link_libraries(third_party_googletest PRIVATE elicense_no_exceptions)
set_target_properties(third_party_googletest PROPERTIES EXCLUDE_FROM_ALL ON)
if(EMSCRIPTEN)
  target_compile_definitions(third_party_googletest PUBLIC GTEST_HAS_PTHREAD=0)
endif()
