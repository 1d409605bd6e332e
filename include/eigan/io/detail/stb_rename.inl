// stb_image.h declares its functions extern "C", where the namespace is no part of the symbol: so they get other names.
#pragma push_macro("stbi__unpremultiply_on_load_thread")
#undef stbi__unpremultiply_on_load_thread
#define stbi__unpremultiply_on_load_thread eigan_stbi__unpremultiply_on_load_thread
#pragma push_macro("stbi_convert_iphone_png_to_rgb")
#undef stbi_convert_iphone_png_to_rgb
#define stbi_convert_iphone_png_to_rgb eigan_stbi_convert_iphone_png_to_rgb
#pragma push_macro("stbi_convert_iphone_png_to_rgb_thread")
#undef stbi_convert_iphone_png_to_rgb_thread
#define stbi_convert_iphone_png_to_rgb_thread eigan_stbi_convert_iphone_png_to_rgb_thread
#pragma push_macro("stbi_convert_wchar_to_utf8")
#undef stbi_convert_wchar_to_utf8
#define stbi_convert_wchar_to_utf8 eigan_stbi_convert_wchar_to_utf8
#pragma push_macro("stbi_failure_reason")
#undef stbi_failure_reason
#define stbi_failure_reason eigan_stbi_failure_reason
#pragma push_macro("stbi_hdr_to_ldr_gamma")
#undef stbi_hdr_to_ldr_gamma
#define stbi_hdr_to_ldr_gamma eigan_stbi_hdr_to_ldr_gamma
#pragma push_macro("stbi_hdr_to_ldr_scale")
#undef stbi_hdr_to_ldr_scale
#define stbi_hdr_to_ldr_scale eigan_stbi_hdr_to_ldr_scale
#pragma push_macro("stbi_image_free")
#undef stbi_image_free
#define stbi_image_free eigan_stbi_image_free
#pragma push_macro("stbi_info")
#undef stbi_info
#define stbi_info eigan_stbi_info
#pragma push_macro("stbi_info_from_callbacks")
#undef stbi_info_from_callbacks
#define stbi_info_from_callbacks eigan_stbi_info_from_callbacks
#pragma push_macro("stbi_info_from_file")
#undef stbi_info_from_file
#define stbi_info_from_file eigan_stbi_info_from_file
#pragma push_macro("stbi_info_from_memory")
#undef stbi_info_from_memory
#define stbi_info_from_memory eigan_stbi_info_from_memory
#pragma push_macro("stbi_is_16_bit")
#undef stbi_is_16_bit
#define stbi_is_16_bit eigan_stbi_is_16_bit
#pragma push_macro("stbi_is_16_bit_from_callbacks")
#undef stbi_is_16_bit_from_callbacks
#define stbi_is_16_bit_from_callbacks eigan_stbi_is_16_bit_from_callbacks
#pragma push_macro("stbi_is_16_bit_from_file")
#undef stbi_is_16_bit_from_file
#define stbi_is_16_bit_from_file eigan_stbi_is_16_bit_from_file
#pragma push_macro("stbi_is_16_bit_from_memory")
#undef stbi_is_16_bit_from_memory
#define stbi_is_16_bit_from_memory eigan_stbi_is_16_bit_from_memory
#pragma push_macro("stbi_is_hdr")
#undef stbi_is_hdr
#define stbi_is_hdr eigan_stbi_is_hdr
#pragma push_macro("stbi_is_hdr_from_callbacks")
#undef stbi_is_hdr_from_callbacks
#define stbi_is_hdr_from_callbacks eigan_stbi_is_hdr_from_callbacks
#pragma push_macro("stbi_is_hdr_from_file")
#undef stbi_is_hdr_from_file
#define stbi_is_hdr_from_file eigan_stbi_is_hdr_from_file
#pragma push_macro("stbi_is_hdr_from_memory")
#undef stbi_is_hdr_from_memory
#define stbi_is_hdr_from_memory eigan_stbi_is_hdr_from_memory
#pragma push_macro("stbi_ldr_to_hdr_gamma")
#undef stbi_ldr_to_hdr_gamma
#define stbi_ldr_to_hdr_gamma eigan_stbi_ldr_to_hdr_gamma
#pragma push_macro("stbi_ldr_to_hdr_scale")
#undef stbi_ldr_to_hdr_scale
#define stbi_ldr_to_hdr_scale eigan_stbi_ldr_to_hdr_scale
#pragma push_macro("stbi_load")
#undef stbi_load
#define stbi_load eigan_stbi_load
#pragma push_macro("stbi_load_16")
#undef stbi_load_16
#define stbi_load_16 eigan_stbi_load_16
#pragma push_macro("stbi_load_16_from_callbacks")
#undef stbi_load_16_from_callbacks
#define stbi_load_16_from_callbacks eigan_stbi_load_16_from_callbacks
#pragma push_macro("stbi_load_16_from_memory")
#undef stbi_load_16_from_memory
#define stbi_load_16_from_memory eigan_stbi_load_16_from_memory
#pragma push_macro("stbi_load_from_callbacks")
#undef stbi_load_from_callbacks
#define stbi_load_from_callbacks eigan_stbi_load_from_callbacks
#pragma push_macro("stbi_load_from_file")
#undef stbi_load_from_file
#define stbi_load_from_file eigan_stbi_load_from_file
#pragma push_macro("stbi_load_from_file_16")
#undef stbi_load_from_file_16
#define stbi_load_from_file_16 eigan_stbi_load_from_file_16
#pragma push_macro("stbi_load_from_memory")
#undef stbi_load_from_memory
#define stbi_load_from_memory eigan_stbi_load_from_memory
#pragma push_macro("stbi_load_gif_from_memory")
#undef stbi_load_gif_from_memory
#define stbi_load_gif_from_memory eigan_stbi_load_gif_from_memory
#pragma push_macro("stbi_loadf")
#undef stbi_loadf
#define stbi_loadf eigan_stbi_loadf
#pragma push_macro("stbi_loadf_from_callbacks")
#undef stbi_loadf_from_callbacks
#define stbi_loadf_from_callbacks eigan_stbi_loadf_from_callbacks
#pragma push_macro("stbi_loadf_from_file")
#undef stbi_loadf_from_file
#define stbi_loadf_from_file eigan_stbi_loadf_from_file
#pragma push_macro("stbi_loadf_from_memory")
#undef stbi_loadf_from_memory
#define stbi_loadf_from_memory eigan_stbi_loadf_from_memory
#pragma push_macro("stbi_set_flip_vertically_on_load")
#undef stbi_set_flip_vertically_on_load
#define stbi_set_flip_vertically_on_load eigan_stbi_set_flip_vertically_on_load
#pragma push_macro("stbi_set_flip_vertically_on_load_thread")
#undef stbi_set_flip_vertically_on_load_thread
#define stbi_set_flip_vertically_on_load_thread eigan_stbi_set_flip_vertically_on_load_thread
#pragma push_macro("stbi_set_unpremultiply_on_load")
#undef stbi_set_unpremultiply_on_load
#define stbi_set_unpremultiply_on_load eigan_stbi_set_unpremultiply_on_load
#pragma push_macro("stbi_set_unpremultiply_on_load_thread")
#undef stbi_set_unpremultiply_on_load_thread
#define stbi_set_unpremultiply_on_load_thread eigan_stbi_set_unpremultiply_on_load_thread
#pragma push_macro("stbi_zlib_decode_buffer")
#undef stbi_zlib_decode_buffer
#define stbi_zlib_decode_buffer eigan_stbi_zlib_decode_buffer
#pragma push_macro("stbi_zlib_decode_malloc")
#undef stbi_zlib_decode_malloc
#define stbi_zlib_decode_malloc eigan_stbi_zlib_decode_malloc
#pragma push_macro("stbi_zlib_decode_malloc_guesssize")
#undef stbi_zlib_decode_malloc_guesssize
#define stbi_zlib_decode_malloc_guesssize eigan_stbi_zlib_decode_malloc_guesssize
#pragma push_macro("stbi_zlib_decode_malloc_guesssize_headerflag")
#undef stbi_zlib_decode_malloc_guesssize_headerflag
#define stbi_zlib_decode_malloc_guesssize_headerflag eigan_stbi_zlib_decode_malloc_guesssize_headerflag
#pragma push_macro("stbi_zlib_decode_noheader_buffer")
#undef stbi_zlib_decode_noheader_buffer
#define stbi_zlib_decode_noheader_buffer eigan_stbi_zlib_decode_noheader_buffer
#pragma push_macro("stbi_zlib_decode_noheader_malloc")
#undef stbi_zlib_decode_noheader_malloc
#define stbi_zlib_decode_noheader_malloc eigan_stbi_zlib_decode_noheader_malloc
