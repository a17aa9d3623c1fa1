# How every target of Tutti is made: the same language level, warnings and include root.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")

find_program(TUTTI_CCACHE ccache)
if(TUTTI_CCACHE)
  # Without "depend", ccache runs the preprocessor before each compilation that it has not stored, which
  # is a tenth of a first build. The sloppiness is what it asks for to store users of precompiled headers.
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_COMMAND}" -E env CCACHE_DEPEND=1
    CCACHE_SLOPPINESS=pch_defines,time_macros "${TUTTI_CCACHE}")
endif()
find_program(TUTTI_MOLD mold)
if(TUTTI_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

# Eight files of a library in one compilation halve the time of a first build, and make that of a
# changed file longer: build.sh asks for it (CMAKE_UNITY_BUILD), who works on the code does not.
set(CMAKE_UNITY_BUILD_BATCH_SIZE 8)

set(TUTTI_WARNINGS -Wall -Wextra -Wconversion -Wshadow)
# Off where the compiler is not the one we know: a new one has new warnings.
option(TUTTI_WARNINGS_AS_ERRORS "Warnings of our own code are errors" ON)
if(TUTTI_WARNINGS_AS_ERRORS)
  list(APPEND TUTTI_WARNINGS -Werror)
endif()
# g++ 12 reports "text" + std::string as overlapping copies (GCC bug 105651, fixed in 13).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  list(APPEND TUTTI_WARNINGS -Wno-restrict)
endif()

function(tutti_compile_settings target)
  target_include_directories(${target} PUBLIC "${CMAKE_SOURCE_DIR}")
  target_compile_options(${target} PRIVATE ${TUTTI_WARNINGS})
endfunction()

# tutti_library(NAME n SRCS a.cc … DEPS public… PRIVATE_DEPS private…)
# Every library gets a link test: an executable that pulls in the whole archive, so that a missing
# dependency is found here and not in the program that happens to need it.
function(tutti_library)
  cmake_parse_arguments(ARG "" "NAME" "SRCS;DEPS;PRIVATE_DEPS" ${ARGN})
  add_library(${ARG_NAME} STATIC ${ARG_SRCS})
  tutti_compile_settings(${ARG_NAME})
  target_link_libraries(${ARG_NAME} PUBLIC ${ARG_DEPS} PRIVATE ${ARG_PRIVATE_DEPS})
  if(TUTTI_BUILD_TESTS)
    set(main "${CMAKE_BINARY_DIR}/link_test_main.cc")
    if(NOT EXISTS "${main}")
      file(WRITE "${main}" "int main() { return 0; }\n")
    endif()
    add_executable(${ARG_NAME}_link_test "${main}")
    set_target_properties(${ARG_NAME}_link_test PROPERTIES UNITY_BUILD OFF
      RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/link_tests")
    target_link_libraries(${ARG_NAME}_link_test PRIVATE
      -Wl,--whole-archive $<TARGET_FILE:${ARG_NAME}> -Wl,--no-whole-archive ${ARG_NAME})
    add_dependencies(${ARG_NAME}_link_test ${ARG_NAME})
  endif()
endfunction()

# tutti_program(NAME n SRCS a.cc … DEPS …): an executable in build/bin.
function(tutti_program)
  cmake_parse_arguments(ARG "" "NAME" "SRCS;DEPS" ${ARGN})
  add_executable(${ARG_NAME} ${ARG_SRCS})
  tutti_compile_settings(${ARG_NAME})
  target_link_libraries(${ARG_NAME} PRIVATE ${ARG_DEPS})
endfunction()

# tutti_test(NAME n SRCS a_test.cc … DEPS …): a GoogleTest program, one ctest entry. Every file named
# *_test.cc must be listed in some tutti_test: tests/tidy compares the tree with this list.
function(tutti_test)
  cmake_parse_arguments(ARG "" "NAME;TIMEOUT" "SRCS;DEPS;ENVIRONMENT" ${ARGN})
  if(NOT TUTTI_BUILD_TESTS)
    return()
  endif()
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  add_executable(${ARG_NAME} ${ARG_SRCS})
  tutti_compile_settings(${ARG_NAME})
  # Most tests take longer to compile than to run.
  target_compile_options(${ARG_NAME} PRIVATE $<$<CONFIG:Release>:-O1>)
  target_precompile_headers(${ARG_NAME} REUSE_FROM tutti_test_headers)
  # Tests of one name in several files are no mistake: each file is compiled on its own.
  set_target_properties(${ARG_NAME} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests" UNITY_BUILD OFF)
  target_compile_definitions(${ARG_NAME} PRIVATE TUTTI_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
    TUTTI_BINARY_DIR="${CMAKE_BINARY_DIR}")
  target_link_libraries(${ARG_NAME} PRIVATE ${ARG_DEPS} GTest::gmock GTest::gtest GTest::gtest_main)
  add_test(NAME ${ARG_NAME} COMMAND ${ARG_NAME})
  set_tests_properties(${ARG_NAME} PROPERTIES TIMEOUT ${ARG_TIMEOUT}
    ENVIRONMENT "${ARG_ENVIRONMENT}")
  foreach(src ${ARG_SRCS})
    get_filename_component(full "${src}" ABSOLUTE)
    set_property(GLOBAL APPEND PROPERTY TUTTI_TEST_SOURCES "${full}")
  endforeach()
endfunction()
