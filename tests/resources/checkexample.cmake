# cmake -DPROGRAM=<rollcall> -DEXAMPLE=<file> -DFOLDER=<where to write> -P checkexample.cmake
#
# The example configuration as it is, and with everything that is commented out switched on, must be accepted: every
# key exists and every default shown has the right form.
file(STRINGS "${EXAMPLE}" lines)
set(text "")
set(switched_on 0)
foreach(line IN LISTS lines)
    if(line MATCHES "^# (\\[[A-Za-z.]+\\]|\"?[A-Za-z.]+\"? = .*)$")
        set(line "${CMAKE_MATCH_1}")
        math(EXPR switched_on "${switched_on} + 1")
    endif()
    string(APPEND text "${line}\n")
endforeach()
if(switched_on LESS 40)
    message(FATAL_ERROR "only ${switched_on} settings found in ${EXAMPLE}")
endif()
file(WRITE "${FOLDER}/everything.toml" "${text}")
foreach(file IN ITEMS "${EXAMPLE}" "${FOLDER}/everything.toml")
    execute_process(COMMAND "${PROGRAM}" --check-config --config "${file}"
                    RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
    if(NOT result EQUAL 0)
        message(FATAL_ERROR "${file} is refused:\n${output}")
    endif()
endforeach()
