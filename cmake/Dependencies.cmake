# Everything but LibTorch, Open MPI and NCCL. All of it comes from Debian packages; build.sh
# installs them.

find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(Protobuf REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(ZLIB REQUIRED)
find_package(CURL REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(CLI11 REQUIRED)
pkg_check_modules(GRPCPP REQUIRED IMPORTED_TARGET grpc++)
find_program(TUTTI_PROTOC protoc REQUIRED)
find_program(TUTTI_GRPC_PLUGIN grpc_cpp_plugin REQUIRED)
if(TUTTI_BUILD_TESTS)
  find_package(GTest REQUIRED)
endif()
