// The program that query_process_test.cc starts as its helper.

#include <string_view>

#include "storage/query_process.h"

int main(int argc, char** argv) {
  if (argc > 1 && std::string_view(argv[1]) == tutti::storage::kQueryHelperFlag) {
    return tutti::storage::QueryHelperMain(argc, argv);
  }
  return 2;
}
