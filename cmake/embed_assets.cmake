# cmake -DFOLDER=web -DOUTPUT=embedded_assets.cpp -P embed_assets.cmake
# Writes the files of a folder as constants of C++: the page travels inside the program.
file(GLOB files LIST_DIRECTORIES false ${FOLDER}/*)
list(SORT files)
set(arrays "")
set(table "")
set(n 0)
foreach(file IN LISTS files)
  get_filename_component(name ${file} NAME)
  file(READ ${file} hex HEX)
  string(REGEX REPLACE "(..)" "0x\\1," bytes "${hex}")
  string(APPEND arrays "constexpr unsigned char kFile${n}[] = {${bytes}0};\n")
  string(APPEND table "    {\"${name}\", text_of(kFile${n})},\n")
  math(EXPR n "${n} + 1")
endforeach()
file(WRITE ${OUTPUT} "// Made by cmake/embed_assets.cmake.
#include \"server/embedded_assets.h\"

namespace infinium::server {
namespace {

${arrays}
template <std::size_t size>
std::string_view text_of(const unsigned char (&bytes)[size]) {
  return {reinterpret_cast<const char*>(bytes), size - 1};
}

}  // namespace

std::span<const Asset> embedded_assets() {
  static const Asset kAssets[] = {
${table}  };
  return kAssets;
}

}  // namespace infinium::server
")
