# rollcall_embed_scripts(<target> <file.lua> ...)
#
# Makes Lua scripts part of a target. scripts/node_lease.lua becomes the header "node_lease.lua.h" on the target's
# include path, with `Rollcall::kNodeLeaseScript` (a const char array) in it. An edited script is embedded by the next build.
function(rollcall_embed_scripts target)
    set(folder "${CMAKE_CURRENT_BINARY_DIR}/${target}_scripts")
    foreach(file IN LISTS ARGN)
        set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/${file}")
        cmake_path(GET file STEM stem)
        string(REPLACE "_" ";" words "${stem}")
        set(name "")
        foreach(word IN LISTS words)
            string(SUBSTRING "${word}" 0 1 first)
            string(SUBSTRING "${word}" 1 -1 rest)
            string(TOUPPER "${first}" first)
            string(APPEND name "${first}${rest}")
        endforeach()
        # Bracket and semicolon in Lua would not survive a CMake list: the text is only ever used quoted.
        file(READ "${CMAKE_CURRENT_SOURCE_DIR}/${file}" script)
        file(CONFIGURE OUTPUT "${folder}/${stem}.lua.h" @ONLY CONTENT [[// Made from @file@ by rollcall_embed_scripts().
#pragma once

namespace Rollcall {

constexpr char k@name@Script[] = R"lua(@script@)lua";

} // namespace Rollcall
]])
    endforeach()
    target_include_directories(${target} PRIVATE "${folder}")
endfunction()
