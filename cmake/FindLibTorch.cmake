# Finds LibTorch in a pip wheel or an unpacked libtorch zip, CPU or CUDA build, without a CUDA toolkit:
# the wheel's own TorchConfig.cmake fails where FindCUDA does.
#
# Input   TUTTI_LIBTORCH   CMake or environment variable: the `torch` package folder of a wheel
#                          (…/site-packages/torch) or the `libtorch` folder of a zip. Without it the
#                          folder is asked of `python3 -c "import torch"`.
# Output  LibTorch::LibTorch  imported target; LibTorch_VERSION, LibTorch_ROOT, LibTorch_LIB_DIR; and of
#                          LibTorchCuda.cmake LibTorch_HAS_CUDA, LibTorch::NCCL.

set(_libtorch_looked "")
set(LibTorch_ROOT "")

# A folder is LibTorch if its headers and its CPU library are there.
function(_libtorch_try dir)
  if(LibTorch_ROOT OR NOT dir)
    return()
  endif()
  get_filename_component(dir "${dir}" ABSOLUTE)
  list(APPEND _libtorch_looked "${dir}")
  set(_libtorch_looked "${_libtorch_looked}" PARENT_SCOPE)
  foreach(candidate "${dir}" "${dir}/torch" "${dir}/libtorch")
    if(EXISTS "${candidate}/include/ATen/core/Tensor.h" AND EXISTS "${candidate}/lib/libtorch_cpu.so")
      set(LibTorch_ROOT "${candidate}" PARENT_SCOPE)
      return()
    endif()
  endforeach()
endfunction()

if(TUTTI_LIBTORCH)
  _libtorch_try("${TUTTI_LIBTORCH}")
elseif(DEFINED ENV{TUTTI_LIBTORCH})
  _libtorch_try("$ENV{TUTTI_LIBTORCH}")
else()
  # No Python interpreter is needed to build; if one with torch is there, it knows where torch is.
  find_program(_libtorch_python NAMES python3 python)
  if(_libtorch_python)
    execute_process(
      COMMAND "${_libtorch_python}" -c
        "import importlib.util as u; s = u.find_spec('torch'); print(s.submodule_search_locations[0] if s else '')"
      OUTPUT_VARIABLE _libtorch_dir OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    _libtorch_try("${_libtorch_dir}")
  endif()
  _libtorch_try("/opt/libtorch")
endif()

if(NOT LibTorch_ROOT)
  if(LibTorch_FIND_REQUIRED)
    message(FATAL_ERROR
      "LibTorch was not found. Looked in: ${_libtorch_looked} (nothing there has include/ATen and "
      "lib/libtorch_cpu.so).\nSet -DTUTTI_LIBTORCH=DIR to the `torch` folder of a pip installation "
      "(python3 -c 'import torch; print(torch.__path__[0])') or to an unpacked libtorch zip, or build "
      "without the trainer: -DTUTTI_WITH_TORCH=OFF. ./build.sh installs torch by itself.")
  endif()
  set(LibTorch_FOUND FALSE)
  return()
endif()

set(LibTorch_LIB_DIR "${LibTorch_ROOT}/lib")

# The version stands in a header since 2.9 and in torch/version.py or build-version before.
set(LibTorch_VERSION "unknown")
foreach(_libtorch_header include/torch/headeronly/version.h
        include/torch/csrc/api/include/torch/version.h)
  if(LibTorch_VERSION STREQUAL "unknown" AND EXISTS "${LibTorch_ROOT}/${_libtorch_header}")
    file(STRINGS "${LibTorch_ROOT}/${_libtorch_header}" _libtorch_lines
      REGEX "#define TORCH_VERSION_(MAJOR|MINOR|PATCH) +[0-9]+")
    string(REGEX REPLACE "[^0-9;]" "" _libtorch_numbers "${_libtorch_lines}")
    list(LENGTH _libtorch_numbers _libtorch_count)
    if(_libtorch_count EQUAL 3)
      string(REPLACE ";" "." LibTorch_VERSION "${_libtorch_numbers}")
    endif()
  endif()
endforeach()
if(NOT LibTorch_VERSION STREQUAL "unknown" AND LibTorch_VERSION VERSION_LESS 2.4)
  message(FATAL_ERROR "LibTorch ${LibTorch_VERSION} in ${LibTorch_ROOT} is too old: 2.4 or newer is "
    "needed (tested with 2.13.0). Install it with: pip install torch==2.13.0")
endif()

# Wheels since 2.6 and today's zips use the C++11 ABI of std::string; older ones may not. The symbol
# of a function that takes a std::string tells which, without a Python interpreter.
find_program(CMAKE_NM nm)
set(LibTorch_CXX11_ABI 1)
if(CMAKE_NM)
  execute_process(COMMAND "${CMAKE_NM}" -D --defined-only "${LibTorch_LIB_DIR}/libc10.so"
    OUTPUT_VARIABLE _libtorch_symbols ERROR_QUIET)
  if(_libtorch_symbols AND NOT _libtorch_symbols MATCHES "cxx11")
    set(LibTorch_CXX11_ABI 0)
  endif()
endif()
if(NOT LibTorch_CXX11_ABI)
  message(FATAL_ERROR "LibTorch in ${LibTorch_ROOT} was built with the old C++ ABI "
    "(_GLIBCXX_USE_CXX11_ABI=0); Tutti's libraries use the new one. Install torch 2.6 or newer.")
endif()

include("${CMAKE_CURRENT_LIST_DIR}/LibTorchCuda.cmake")

if(NOT TARGET LibTorch::LibTorch)
  add_library(LibTorch::LibTorch INTERFACE IMPORTED)
  set(_libtorch_include "${LibTorch_ROOT}/include"
    "${LibTorch_ROOT}/include/torch/csrc/api/include" ${LibTorch_CUDA_INCLUDE_DIRS})
  # An imported target's headers are system headers: that keeps torch's private protobuf and fmt headers
  # behind everybody else's.
  set_target_properties(LibTorch::LibTorch PROPERTIES
    INTERFACE_INCLUDE_DIRECTORIES "${_libtorch_include}"
    INTERFACE_COMPILE_DEFINITIONS "_GLIBCXX_USE_CXX11_ABI=1")
  set(_libtorch_link "${LibTorch_LIB_DIR}/libtorch.so" "${LibTorch_LIB_DIR}/libtorch_cpu.so"
    "${LibTorch_LIB_DIR}/libc10.so")
  if(LibTorch_HAS_CUDA)
    # Nothing of ours names a symbol of libtorch_cuda: it registers its kernels when it is loaded.
    list(APPEND _libtorch_link "-Wl,--push-state,--no-as-needed"
      "${LibTorch_LIB_DIR}/libtorch_cuda.so" "-Wl,--pop-state" "${LibTorch_LIB_DIR}/libc10_cuda.so"
      "${LibTorch_CUDART}")
    get_filename_component(_libtorch_cudart_dir "${LibTorch_CUDART}" DIRECTORY)
    list(APPEND _libtorch_link "-Wl,-rpath,${_libtorch_cudart_dir}")
  endif()
  # The wheel carries libgomp and friends beside libtorch; the linker must look there too.
  list(APPEND _libtorch_link "-Wl,-rpath,${LibTorch_LIB_DIR}" "-Wl,-rpath-link,${LibTorch_LIB_DIR}")
  set_property(TARGET LibTorch::LibTorch PROPERTY INTERFACE_LINK_LIBRARIES "${_libtorch_link}")
endif()

set(LibTorch_FOUND TRUE)
if(NOT LibTorch_FIND_QUIETLY)
  message(STATUS "LibTorch ${LibTorch_VERSION} in ${LibTorch_ROOT} (CUDA: ${LibTorch_HAS_CUDA})")
endif()
