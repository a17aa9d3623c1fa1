# The CUDA side of FindLibTorch.cmake, which includes this file: the CUDA runtime and NCCL, from the
# wheels beside torch or from a CUDA toolkit. No compiler of CUDA is needed, since nothing of ours is
# device code.
#
# Input   TUTTI_CUDA    AUTO (default): use CUDA if torch is a CUDA build and the headers are there.
#                       ON: a missing piece is an error. OFF: a CPU trainer even with a CUDA torch.
#         LibTorch_ROOT, LibTorch_LIB_DIR
# Output  LibTorch_HAS_CUDA         torch is a CUDA build, and we can compile against its CUDA headers
#         LibTorch_CUDA_INCLUDE_DIRS, LibTorch_CUDART
#         LibTorch::NCCL            imported target, only where nccl.h and libnccl were found

set(TUTTI_CUDA "AUTO" CACHE STRING "CUDA in the trainer: AUTO, ON (an error if missing) or OFF")
set(LibTorch_HAS_CUDA FALSE)
set(LibTorch_CUDA_INCLUDE_DIRS "")
set(LibTorch_CUDART "")

# What to say when a piece is missing: an error where CUDA was asked for.
function(_libtorch_cuda_missing)
  string(CONCAT text ${ARGN})
  if(TUTTI_CUDA STREQUAL "AUTO")
    message(WARNING "${text} The trainer is built without it; -DTUTTI_CUDA=ON makes this an error.")
  else()
    message(FATAL_ERROR "${text}")
  endif()
endfunction()

# The first file that matches one of the patterns, in their order; empty if none does.
function(_libtorch_first_match out)
  set(found "")
  foreach(pattern ${ARGN})
    file(GLOB matches "${pattern}")
    if(matches AND NOT found)
      list(GET matches 0 found)
    endif()
  endforeach()
  set(${out} "${found}" PARENT_SCOPE)
endfunction()

# Folders that may hold a CUDA toolkit's include/ and lib/, the wheels' (of the CUDA version that torch
# itself loads) before an installed toolkit.
function(_libtorch_cuda_roots out)
  get_filename_component(site "${LibTorch_ROOT}" DIRECTORY)
  file(GLOB wheels LIST_DIRECTORIES true "${site}/nvidia/cu[0-9]*")
  set(roots ${wheels} "${site}/nvidia/cuda_runtime" "${LibTorch_ROOT}")
  find_program(_libtorch_nvcc nvcc PATHS /usr/local/cuda/bin)
  set(toolkits "$ENV{CUDA_HOME}" "$ENV{CUDA_PATH}" /usr/local/cuda)
  if(_libtorch_nvcc)
    get_filename_component(nvcc "${_libtorch_nvcc}" REALPATH)
    get_filename_component(bin "${nvcc}" DIRECTORY)
    get_filename_component(toolkit "${bin}" DIRECTORY)
    list(APPEND toolkits "${toolkit}")
  endif()
  foreach(toolkit ${toolkits})
    list(APPEND roots "${toolkit}" "${toolkit}/targets/x86_64-linux")
  endforeach()
  set(${out} "${roots}" PARENT_SCOPE)
endfunction()

# Sets LibTorch_CUDA_INCLUDE_DIRS to the first folder with all the headers that torch's c10/cuda and
# nccl.h read. The wheel nvidia-cuda-runtime alone is not enough: crt/ and nv/ are in others.
function(_libtorch_find_cuda_headers)
  foreach(root ${ARGN})
    set(include "${root}/include")
    if(EXISTS "${include}/cuda_runtime_api.h" AND EXISTS "${include}/crt/host_defines.h")
      if(EXISTS "${include}/nv/target")
        set(LibTorch_CUDA_INCLUDE_DIRS "${include}" PARENT_SCOPE)
        return()
      elseif(EXISTS "${include}/cccl/nv/target")
        set(LibTorch_CUDA_INCLUDE_DIRS "${include}" "${include}/cccl" PARENT_SCOPE)
        return()
      endif()
    endif()
  endforeach()
endfunction()

function(_libtorch_make_nccl)
  get_filename_component(site "${LibTorch_ROOT}" DIRECTORY)
  _libtorch_first_match(header "${site}/nvidia/nccl/include/nccl.h"
    "${LibTorch_ROOT}/include/nccl.h" /usr/include/nccl.h /usr/local/cuda/include/nccl.h)
  _libtorch_first_match(library "${site}/nvidia/nccl/lib/libnccl.so*" "${LibTorch_LIB_DIR}/libnccl.so*"
    "/usr/lib/x86_64-linux-gnu/libnccl.so*" "/usr/local/cuda/lib64/libnccl.so*")
  if(NOT header OR NOT library)
    _libtorch_cuda_missing("NCCL was not found (nccl.h: '${header}', libnccl: '${library}') beside "
      "${LibTorch_ROOT}; install it with: pip install nvidia-nccl-cu13 (the version that torch names).")
    return()
  endif()
  get_filename_component(include "${header}" DIRECTORY)
  get_filename_component(lib "${library}" DIRECTORY)
  get_filename_component(cudart_lib "${LibTorch_CUDART}" DIRECTORY)
  add_library(LibTorch::NCCL INTERFACE IMPORTED GLOBAL)
  # The stream of the current thread comes from c10, hence torch's headers and its two libraries.
  set_target_properties(LibTorch::NCCL PROPERTIES
    INTERFACE_INCLUDE_DIRECTORIES
      "${include};${LibTorch_CUDA_INCLUDE_DIRS};${LibTorch_ROOT}/include"
    INTERFACE_LINK_LIBRARIES "${library};${LibTorch_CUDART};${LibTorch_LIB_DIR}/libc10_cuda.so;\
${LibTorch_LIB_DIR}/libc10.so;-Wl,-rpath,${lib};-Wl,-rpath,${cudart_lib};-Wl,-rpath,${LibTorch_LIB_DIR}")
endfunction()

if(EXISTS "${LibTorch_LIB_DIR}/libtorch_cuda.so" AND EXISTS "${LibTorch_LIB_DIR}/libc10_cuda.so"
   AND NOT TUTTI_CUDA STREQUAL "OFF")
  _libtorch_cuda_roots(_libtorch_roots)
  _libtorch_find_cuda_headers(${_libtorch_roots})
  set(_libtorch_patterns "")
  foreach(_libtorch_root ${_libtorch_roots})
    list(APPEND _libtorch_patterns "${_libtorch_root}/lib/libcudart.so*"
      "${_libtorch_root}/lib64/libcudart.so*" "${_libtorch_root}/lib/libcudart-*.so*")
  endforeach()
  _libtorch_first_match(LibTorch_CUDART ${_libtorch_patterns})
  if(LibTorch_CUDA_INCLUDE_DIRS AND LibTorch_CUDART)
    set(LibTorch_HAS_CUDA TRUE)
    if(NOT TARGET LibTorch::NCCL)
      _libtorch_make_nccl()
    endif()
  else()
    _libtorch_cuda_missing("torch in ${LibTorch_ROOT} is a CUDA build, but the CUDA runtime was not \
found (headers: '${LibTorch_CUDA_INCLUDE_DIRS}', libcudart: '${LibTorch_CUDART}'). Needed: \
cuda_runtime_api.h, crt/host_defines.h and nv/target in one folder. Install them with: pip install \
nvidia-cuda-runtime nvidia-cuda-crt nvidia-cuda-cccl (each of torch's CUDA version), or a CUDA toolkit.")
  endif()
elseif(TUTTI_CUDA STREQUAL "ON")
  message(FATAL_ERROR "TUTTI_CUDA=ON, but torch in ${LibTorch_ROOT} is a CPU build "
    "(lib/libtorch_cuda.so or lib/libc10_cuda.so is missing). Give -DTUTTI_LIBTORCH a CUDA build.")
endif()
