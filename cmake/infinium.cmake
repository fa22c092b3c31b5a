# How every target of ours is compiled, and the one function that makes a layer.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
endif()
find_program(MOLD_PROGRAM mold)
if(MOLD_PROGRAM AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND NOT INFINIUM_SANITIZE)
  add_link_options(-fuse-ld=mold)
endif()

# Flags for our own code only. -ffp-contract=off: Maestro gives the same bytes on every machine.
add_library(infinium_flags INTERFACE)
target_compile_options(infinium_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor -Wold-style-cast
  -ffp-contract=off -fvisibility=hidden -D_GLIBCXX_ASSERTIONS)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # gcc 12 reports false positives in std::variant and in other optimised standard-library code.
  target_compile_options(infinium_flags INTERFACE -Wno-maybe-uninitialized)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # libstdc++ 12's std::stable_sort uses what C++20 deprecates; clang blames its caller.
  target_compile_options(infinium_flags INTERFACE -Wno-deprecated-declarations)
endif()
if(INFINIUM_WERROR)
  target_compile_options(infinium_flags INTERFACE -Werror)
endif()
if(INFINIUM_SANITIZE)
  add_compile_options(-fsanitize=${INFINIUM_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${INFINIUM_SANITIZE})
  if(INFINIUM_SANITIZE STREQUAL "thread" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options(-Wno-tsan)  # Asio's fences, which gcc's thread sanitizer does not model
  endif()
endif()
target_include_directories(infinium_flags INTERFACE ${CMAKE_SOURCE_DIR}/include ${CMAKE_SOURCE_DIR}/src)
find_package(Threads REQUIRED)
target_link_libraries(infinium_flags INTERFACE Threads::Threads)

if(INFINIUM_TESTS)
  enable_testing()
  find_package(GTest REQUIRED)
  include(GoogleTest)
endif()

# infinium_layer(NAME [DEPS layer…] [LIBS library…] [TEST_LIBS library…])
# One static library from this folder's *.cpp, and one unit-test program from its *_test.cpp.
# A main.cpp is left to the program that the folder adds by itself.
# DEPS are the layers it may include (and links); LIBS are outside libraries, kept private.
function(infinium_layer name)
  cmake_parse_arguments(arg "" "" "DEPS;LIBS;TEST_LIBS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS *.cpp)
  set(tests ${sources})
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  list(FILTER sources EXCLUDE REGEX "(_test|/main)\\.cpp$")
  list(TRANSFORM arg_DEPS PREPEND infinium_)
  add_library(infinium_${name} STATIC ${sources})
  target_link_libraries(infinium_${name} PUBLIC infinium_flags ${arg_DEPS} PRIVATE ${arg_LIBS})
  if(INFINIUM_TESTS AND tests)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE infinium_${name} ${arg_LIBS} ${arg_TEST_LIBS}
                          GTest::gmock_main)
    gtest_discover_tests(${name}_test DISCOVERY_MODE PRE_TEST
                         PROPERTIES LABELS ${name} TIMEOUT 120)
  endif()
endfunction()
