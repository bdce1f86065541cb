# rollcall_add_plugin(<id> NAME <text> DESCRIPTION <text> PLUGIN_SOURCE <file> [SOURCES <file> ...]
#                     [VERSION <x.y.z>] [COMPAT_VERSION <x.y.z>] [PROVIDES <service> ...]
#                     [DEPENDS <name[/version]> ...] [OPTIONAL <name[/version]> ...]
#                     [SECTIONS <configuration section> ...] [LIBRARIES <target> ...])
#
# Builds the plugin <id>: a MODULE library rollcall-<id> in the plugin folder. PLUGIN_SOURCE is the .cpp whose class
# carries Q_PLUGIN_METADATA(IID ROLLCALL_PLUGIN_IID FILE "<id>.json"); that file is generated here, in the
# build folder, from the arguments. SOURCES, the logic, become the static library rollcall_<id>_logic, which
# tests link. DEPENDS and OPTIONAL name services (or plugin ids), with the lowest version that will do.
function(rollcall_add_plugin id)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "NAME;DESCRIPTION;VERSION;COMPAT_VERSION;PLUGIN_SOURCE"
                          "PROVIDES;DEPENDS;OPTIONAL;SECTIONS;SOURCES;LIBRARIES")
    if(arg_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "rollcall_add_plugin(${id}): unknown arguments ${arg_UNPARSED_ARGUMENTS}")
    endif()
    if(NOT arg_VERSION)
        set(arg_VERSION "${PROJECT_VERSION}")
    endif()
    if(NOT arg_COMPAT_VERSION)
        set(arg_COMPAT_VERSION "${arg_VERSION}")
    endif()

    _rollcall_json_strings(provides ${arg_PROVIDES})
    _rollcall_json_strings(sections ${arg_SECTIONS})
    set(dependencies "")
    foreach(kind IN ITEMS DEPENDS OPTIONAL)
        foreach(entry IN LISTS arg_${kind})
            string(REPLACE "/" ";" parts "${entry}")
            list(GET parts 0 name)
            set(version "0.0.0")
            list(LENGTH parts count)
            if(count GREATER 1)
                list(GET parts 1 version)
            endif()
            string(TOLOWER "${kind}" type)
            string(REPLACE "depends" "required" type "${type}")
            list(APPEND dependencies
                 "{ \"Name\": \"${name}\", \"Version\": \"${version}\", \"Type\": \"${type}\" }")
        endforeach()
    endforeach()
    list(JOIN dependencies ",\n        " dependencies)

    file(CONFIGURE OUTPUT "${CMAKE_CURRENT_BINARY_DIR}/${id}.json" CONTENT [[{
    "Id": "@id@",
    "Name": "@arg_NAME@",
    "Version": "@arg_VERSION@",
    "CompatVersion": "@arg_COMPAT_VERSION@",
    "Description": "@arg_DESCRIPTION@",
    "Provides": [@provides@],
    "ConfigurationSections": [@sections@],
    "Dependencies": [
        @dependencies@
    ]
}
]] @ONLY)

    set(logic "")
    if(arg_SOURCES)
        set(logic rollcall_${id}_logic)
        add_library(${logic} STATIC ${arg_SOURCES})
        target_link_libraries(${logic} PUBLIC Rollcall::Core ${arg_LIBRARIES})
        if(TARGET rollcall_flags)
            target_link_libraries(${logic} PRIVATE rollcall_flags)
        endif()
    endif()

    add_library(rollcall_${id} MODULE ${arg_PLUGIN_SOURCE})
    target_include_directories(rollcall_${id} PRIVATE "${CMAKE_CURRENT_BINARY_DIR}")
    set_target_properties(rollcall_${id} PROPERTIES
        OUTPUT_NAME "rollcall-${id}"
        AUTOMOC_MOC_OPTIONS "-I${CMAKE_CURRENT_BINARY_DIR}"
        LIBRARY_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/${ROLLCALL_PLUGIN_DIR}"
        INSTALL_RPATH "$ORIGIN/../..")
    target_link_libraries(rollcall_${id} PRIVATE Rollcall::Core ${logic} ${arg_LIBRARIES})
    if(TARGET rollcall_flags)
        target_link_libraries(rollcall_${id} PRIVATE rollcall_flags)
    endif()
    install(TARGETS rollcall_${id} LIBRARY DESTINATION "${ROLLCALL_PLUGIN_DIR}")
endfunction()

# "a" "b" -> "a", "b" with quotes, for a JSON array.
function(_rollcall_json_strings variable)
    set(items "")
    foreach(item IN LISTS ARGN)
        list(APPEND items "\"${item}\"")
    endforeach()
    list(JOIN items ", " joined)
    set(${variable} "${joined}" PARENT_SCOPE)
endfunction()
