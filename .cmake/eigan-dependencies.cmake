# What a unit that includes eigan needs. Read by eigan's own build and by find_package(eigan) alike; sets
#   eigan_dependency_targets, eigan_dependency_include_directories: what to link and where to look,
#   eigan_missing: one line for each thing that was not found.
# A target that the user's project has already (from its own FetchContent, say) is taken as it is.

set(eigan_missing "")

# Asked for without a version: the package file of Eigen 5 refuses a request for 3.4.
if(NOT TARGET Eigen3::Eigen)
  find_package(Eigen3 QUIET CONFIG)
endif()
if(NOT TARGET Eigen3::Eigen)
  list(APPEND eigan_missing "Eigen 3.4 or newer (libeigen3-dev)")
elseif(Eigen3_VERSION AND Eigen3_VERSION VERSION_LESS 3.4)
  list(APPEND eigan_missing "Eigen 3.4 or newer (libeigen3-dev); found ${Eigen3_VERSION} in ${Eigen3_DIR}")
endif()

if(NOT TARGET nlohmann_json::nlohmann_json)
  find_package(nlohmann_json QUIET CONFIG)
endif()
if(NOT TARGET nlohmann_json::nlohmann_json)
  list(APPEND eigan_missing "nlohmann-json (nlohmann-json3-dev)")
endif()

if(NOT TARGET ZLIB::ZLIB)
  find_package(ZLIB QUIET)
endif()
if(NOT TARGET ZLIB::ZLIB)
  list(APPEND eigan_missing "zlib (zlib1g-dev)")
endif()

set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads QUIET)
if(NOT TARGET Threads::Threads)
  list(APPEND eigan_missing "a thread library")
endif()

find_path(EIGAN_STB_INCLUDE_DIR NAMES stb/stb_image.h stb_image.h PATH_SUFFIXES stb
          DOC "The directory from which stb/stb_image.h or stb_image.h can be included")
mark_as_advanced(EIGAN_STB_INCLUDE_DIR)
if(NOT EIGAN_STB_INCLUDE_DIR)
  list(APPEND eigan_missing "stb_image (libstb-dev; or set EIGAN_STB_INCLUDE_DIR)")
endif()

set(eigan_dependency_targets Eigen3::Eigen nlohmann_json::nlohmann_json ZLIB::ZLIB Threads::Threads)
set(eigan_dependency_include_directories ${EIGAN_STB_INCLUDE_DIR})

if(EIGAN_OPENMP)
  find_package(OpenMP QUIET COMPONENTS CXX)
  if(TARGET OpenMP::OpenMP_CXX)
    list(APPEND eigan_dependency_targets OpenMP::OpenMP_CXX)
  else()
    message(STATUS "eigan: no OpenMP for this compiler; one thread, the same bits")
  endif()
endif()
