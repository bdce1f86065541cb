# rollcall_add_plugin(<id> NAME <text> DESCRIPTION <text> PLUGIN_SOURCE <file> [SOURCES <file> ...]
#                     [VERSION <x.y.z>] [COMPAT_VERSION <x.y.z>] [PROVIDES <service> ...]
#                     [DEPENDS <name[/version]> ...] [OPTIONAL <name[/version]> ...]
#                     [SECTIONS <configuration section> ...] [LIBRARIES <target> ...]
#                     [COMMANDS <name> <text> ...] [OUTPUT_DIRECTORY <folder>])
#
# Builds the plugin <id>: a MODULE library rollcall-<id> in the plugin folder. PLUGIN_SOURCE is the .cpp whose class
# carries Q_PLUGIN_METADATA(IID ROLLCALL_PLUGIN_IID FILE "<id>.json"); that file is generated here, in the
# build folder, from the arguments. SOURCES, the logic, become the static library rollcall_<id>_logic, which
# tests link. DEPENDS and OPTIONAL name services (or plugin ids), with the lowest version that will do.
# VERSION is the project's unless given; COMPAT_VERSION, the oldest version whose users this one still
# serves, is VERSION unless given. COMMANDS adds subcommands to `rollcall`, each with its line of the help text.
# With OUTPUT_DIRECTORY the plugin is built there and not installed.
#
# Works the same in Rollcall's own tree and in a project that found the installed package.
function(rollcall_add_plugin id)
    cmake_parse_arguments(PARSE_ARGV 1 arg ""
                          "NAME;DESCRIPTION;VERSION;COMPAT_VERSION;PLUGIN_SOURCE;OUTPUT_DIRECTORY"
                          "PROVIDES;DEPENDS;OPTIONAL;SECTIONS;COMMANDS;SOURCES;LIBRARIES")
    if(arg_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "rollcall_add_plugin(${id}): unknown arguments ${arg_UNPARSED_ARGUMENTS}")
    endif()
    foreach(needed IN ITEMS NAME DESCRIPTION PLUGIN_SOURCE)
        if(NOT arg_${needed})
            message(FATAL_ERROR "rollcall_add_plugin(${id}): ${needed} is needed")
        endif()
    endforeach()
    if(NOT id MATCHES "^[a-z][a-z0-9-]*$")
        message(FATAL_ERROR "rollcall_add_plugin(${id}): an id is lower case, digits and hyphens")
    endif()
    if(NOT arg_VERSION)
        set(arg_VERSION "${PROJECT_VERSION}")
    endif()
    if(NOT arg_VERSION MATCHES "^[0-9]+(\\.[0-9]+)?(\\.[0-9]+)?$")
        message(FATAL_ERROR "rollcall_add_plugin(${id}): VERSION (or that of project()) is needed, as 1.2.3")
    endif()
    if(NOT arg_COMPAT_VERSION)
        set(arg_COMPAT_VERSION "${arg_VERSION}")
    endif()

    _rollcall_plugin_json("${id}")

    set(logic "")
    if(arg_SOURCES)
        set(logic rollcall_${id}_logic)
        add_library(${logic} STATIC ${arg_SOURCES})
        set_target_properties(${logic} PROPERTIES AUTOMOC ON POSITION_INDEPENDENT_CODE ON)
        target_compile_features(${logic} PUBLIC cxx_std_20)
        target_link_libraries(${logic} PUBLIC Rollcall::Core ${arg_LIBRARIES})
        if(TARGET rollcall_flags)
            target_link_libraries(${logic} PRIVATE rollcall_flags)
            rollcall_use_precompiled(${logic})
        endif()
    endif()

    add_library(rollcall_${id} MODULE ${arg_PLUGIN_SOURCE})
    target_compile_features(rollcall_${id} PRIVATE cxx_std_20)
    target_include_directories(rollcall_${id} PRIVATE "${CMAKE_CURRENT_BINARY_DIR}")
    set_target_properties(rollcall_${id} PROPERTIES
        OUTPUT_NAME "rollcall-${id}"
        AUTOMOC ON
        AUTOMOC_MOC_OPTIONS "-I${CMAKE_CURRENT_BINARY_DIR}"
        CXX_VISIBILITY_PRESET hidden
        VISIBILITY_INLINES_HIDDEN ON
        INSTALL_RPATH "$ORIGIN/../..")
    target_link_libraries(rollcall_${id} PRIVATE Rollcall::Core ${logic} ${arg_LIBRARIES})
    if(TARGET rollcall_flags)
        target_link_libraries(rollcall_${id} PRIVATE rollcall_flags)
    endif()
    # A symbol that nobody defines is found here instead of when the host loads the plugin. (The sanitizers' own are
    # defined by the program.)
    if(NOT ROLLCALL_SANITIZE)
        target_link_options(rollcall_${id} PRIVATE "LINKER:--no-undefined")
    endif()

    if(arg_OUTPUT_DIRECTORY)
        set_target_properties(rollcall_${id} PROPERTIES LIBRARY_OUTPUT_DIRECTORY "${arg_OUTPUT_DIRECTORY}")
    else()
        include(GNUInstallDirs)
        if(NOT ROLLCALL_PLUGIN_DIR)
            set(ROLLCALL_PLUGIN_DIR "${CMAKE_INSTALL_LIBDIR}/rollcall/plugins")
        endif()
        set_target_properties(rollcall_${id} PROPERTIES
            LIBRARY_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/${ROLLCALL_PLUGIN_DIR}")
        install(TARGETS rollcall_${id} LIBRARY DESTINATION "${ROLLCALL_PLUGIN_DIR}")
    endif()
endfunction()

# Writes <id>.json from the arguments of the caller.
macro(_rollcall_plugin_json id)
    _rollcall_json_strings(provides ${arg_PROVIDES})
    _rollcall_json_strings(sections ${arg_SECTIONS})
    _rollcall_json_strings(name "${arg_NAME}")
    _rollcall_json_strings(description "${arg_DESCRIPTION}")
    set(dependencies "")
    foreach(kind IN ITEMS DEPENDS OPTIONAL)
        foreach(entry IN LISTS arg_${kind})
            string(REPLACE "/" ";" parts "${entry}")
            list(GET parts 0 needed)
            set(version "")
            list(LENGTH parts count)
            if(count GREATER 1)
                list(GET parts 1 version)
                set(version "\"Version\": \"${version}\", ")
            endif()
            string(TOLOWER "${kind}" type)
            string(REPLACE "depends" "required" type "${type}")
            list(APPEND dependencies "{ \"Name\": \"${needed}\", ${version}\"Type\": \"${type}\" }")
        endforeach()
    endforeach()
    list(JOIN dependencies ",\n        " dependencies)
    set(commands "")
    set(rest "${arg_COMMANDS}")
    while(rest)
        list(LENGTH rest count)
        if(count LESS 2)
            message(FATAL_ERROR "rollcall_add_plugin(${id}): COMMANDS are pairs of a name and a text")
        endif()
        list(POP_FRONT rest command text)
        _rollcall_json_strings(text "${text}")
        list(APPEND commands "{ \"Name\": \"${command}\", \"Description\": ${text} }")
    endwhile()
    list(JOIN commands ",\n        " commands)

    file(CONFIGURE OUTPUT "${CMAKE_CURRENT_BINARY_DIR}/${id}.json" CONTENT [[{
    "Id": "@id@",
    "Name": @name@,
    "Version": "@arg_VERSION@",
    "CompatVersion": "@arg_COMPAT_VERSION@",
    "Description": @description@,
    "Provides": [@provides@],
    "ConfigurationSections": [@sections@],
    "Dependencies": [
        @dependencies@
    ],
    "Commands": [
        @commands@
    ]
}
]] @ONLY)
endmacro()

# "a" "b" -> "a", "b" with quotes, for a JSON array.
function(_rollcall_json_strings variable)
    set(items "")
    foreach(item IN LISTS ARGN)
        string(REPLACE "\\" "\\\\" item "${item}")
        string(REPLACE "\"" "\\\"" item "${item}")
        list(APPEND items "\"${item}\"")
    endforeach()
    list(JOIN items ", " joined)
    set(${variable} "${joined}" PARENT_SCOPE)
endfunction()
