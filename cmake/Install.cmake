# What `cmake --install build/native --prefix DIR` lays out: the core for other people's C++ programs, with the outside parts that it
# is linked with. They say find_package(elicense) and link elicense::licence (examples/backend). elicenseConfig.cmake.in knows who
# needs whom.
include(CMakePackageConfigHelpers)

set(layers base codec crypto token licence)
foreach(layer IN LISTS layers)
  install(FILES $<TARGET_FILE:elicense_${layer}> DESTINATION lib/elicense)
  # Included as in here: "licence/live_code.h".
  install(DIRECTORY ${CMAKE_SOURCE_DIR}/src/${layer} DESTINATION include/elicense FILES_MATCHING PATTERN "*.h")
endforeach()
foreach(part IN ITEMS libsodium libdeflate qrencode)
  install(FILES $<TARGET_FILE:third_party_${part}> DESTINATION lib/elicense)
endforeach()

install(FILES ${CMAKE_SOURCE_DIR}/LICENSE ${CMAKE_SOURCE_DIR}/NOTICE DESTINATION share/doc/elicense)
foreach(pair IN ITEMS libsodium/LICENSE libdeflate/COPYING qrencode/COPYING nlohmann-json/LICENSE.MIT)
  get_filename_component(part ${pair} DIRECTORY)
  get_filename_component(text ${pair} NAME)
  third_party_source(${part} source)
  install(FILES ${source}/${text} DESTINATION share/doc/elicense RENAME ${part}-${text})
endforeach()

configure_package_config_file(${CMAKE_SOURCE_DIR}/cmake/elicenseConfig.cmake.in ${CMAKE_BINARY_DIR}/elicenseConfig.cmake
  INSTALL_DESTINATION lib/cmake/elicense NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(${CMAKE_BINARY_DIR}/elicenseConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/elicenseConfig.cmake ${CMAKE_BINARY_DIR}/elicenseConfigVersion.cmake
  DESTINATION lib/cmake/elicense)
