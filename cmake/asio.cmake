# Boost.Asio and Beast for the layers that speak over sockets. Link infinium_asio: every macro that
# changes a layout stands here and nowhere else (units that disagree about one crash at start), and
# the bodies of both libraries are compiled once, in cmake/asio.
find_package(OpenSSL REQUIRED)
find_package(Boost 1.81 REQUIRED)

add_library(infinium_asio STATIC
  ${CMAKE_CURRENT_LIST_DIR}/asio/asio_impl.cpp
  ${CMAKE_CURRENT_LIST_DIR}/asio/beast_impl.cpp)
target_compile_definitions(infinium_asio PUBLIC
  BOOST_ASIO_SEPARATE_COMPILATION
  BOOST_BEAST_SEPARATE_COMPILATION
  BOOST_ASIO_NO_DEPRECATED
  BOOST_ASIO_NO_TS_EXECUTORS)
target_compile_options(infinium_asio PRIVATE -fvisibility=hidden)
# gcc 12 takes the frame allocator of Asio's coroutines for a mismatched pair.
target_compile_options(infinium_asio PUBLIC $<$<CXX_COMPILER_ID:GNU>:-Wno-mismatched-new-delete>)
target_link_libraries(infinium_asio PUBLIC
  Boost::headers OpenSSL::SSL OpenSSL::Crypto Threads::Threads)
