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
pkg_check_modules(WEBP REQUIRED IMPORTED_TARGET libwebp)
find_package(TIFF REQUIRED)
# Headers only: linear algebra and Sobol's direction numbers of experiments/search/model_based.
find_package(Eigen3 3.3 REQUIRED NO_MODULE)
find_package(Boost 1.74 REQUIRED)
find_path(TUTTI_STB_INCLUDE_DIR stb/stb_image.h REQUIRED)
find_program(TUTTI_PROTOC protoc REQUIRED)
find_program(TUTTI_GRPC_PLUGIN grpc_cpp_plugin REQUIRED)
if(TUTTI_BUILD_TESTS)
  find_package(GTest REQUIRED)
endif()
