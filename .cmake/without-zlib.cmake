# Stands in for zlib where nothing that is linked calls it.
add_library(ZLIB::ZLIB INTERFACE IMPORTED)
