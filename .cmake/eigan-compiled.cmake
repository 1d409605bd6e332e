# eigan::compiled: eigan's templates, instantiated once for float and double; nothing is built unless it is linked. Read by
# eigan's own build and by find_package(eigan) alike. It takes the optimisation and the instruction set of the project that
# builds it (CMAKE_CXX_FLAGS, CMAKE_BUILD_TYPE), as whatever links it has to.
if(NOT TARGET eigan_compiled)
  add_library(eigan_compiled STATIC EXCLUDE_FROM_ALL ${CMAKE_CURRENT_LIST_DIR}/compiled/float.cpp
              ${CMAKE_CURRENT_LIST_DIR}/compiled/double.cpp)
  add_library(eigan::compiled ALIAS eigan_compiled)
  target_link_libraries(eigan_compiled PUBLIC eigan::eigan)
  target_compile_definitions(eigan_compiled PUBLIC EIGAN_COMPILED)
endif()
