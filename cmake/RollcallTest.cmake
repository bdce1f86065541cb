# rollcall_add_test(<name> [SOURCES ...] [LIBRARIES ...] [LABELS ...] [TIMEOUT seconds])
#
# Adds the Qt Test executable <name> built from <name>.cpp (and SOURCES), linked to the core library, Qt Test,
# the helpers of tests/support and LIBRARIES. LABELS defaults to "unit"; TIMEOUT to 60 seconds.
function(rollcall_add_test name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "TIMEOUT" "SOURCES;LIBRARIES;LABELS")
    if(NOT arg_LABELS)
        set(arg_LABELS unit)
    endif()
    if(NOT arg_TIMEOUT)
        set(arg_TIMEOUT 60)
    endif()
    add_executable(${name} ${name}.cpp ${arg_SOURCES})
    target_link_libraries(${name} PRIVATE rollcall_core rollcall_test_support Qt6::Test ${arg_LIBRARIES}
                          rollcall_flags)
    rollcall_use_precompiled(${name})
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests")
    add_test(NAME ${name} COMMAND ${name})
    set_tests_properties(${name} PROPERTIES LABELS "${arg_LABELS}" TIMEOUT ${arg_TIMEOUT})
endfunction()
