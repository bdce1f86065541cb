# rollcall_use_precompiled(<target> ...)
#
# Lets the targets share one precompiled header of the Qt, prometheus and standard headers that nearly every file
# includes: it halves the build. Sources still include what they use; `-DROLLCALL_PRECOMPILE=OFF` proves it.
option(ROLLCALL_PRECOMPILE "Share a precompiled header of common library headers" ON)

if(ROLLCALL_PRECOMPILE)
    file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/precompiled.cpp" CONTENT "// Carries the precompiled header.\n")
    add_library(rollcall_precompiled OBJECT "${PROJECT_BINARY_DIR}/precompiled.cpp")
    set_target_properties(rollcall_precompiled PROPERTIES AUTOMOC OFF)
    target_link_libraries(rollcall_precompiled PRIVATE Qt6::Core prometheus-cpp::core simdjson::simdjson
                          rollcall_flags)
    target_precompile_headers(rollcall_precompiled PRIVATE
        <QByteArray> <QHash> <QJsonArray> <QJsonDocument> <QJsonObject> <QLoggingCategory>
        <QMap> <QObject> <QPointer> <QProcessEnvironment> <QString> <QStringList> <QTimer> <QUrl> <QUrlQuery>
        <prometheus/counter.h> <prometheus/gauge.h> <prometheus/histogram.h>
        <algorithm> <array> <chrono> <functional> <map> <memory> <optional> <span> <unordered_map> <utility>
        <variant> <vector>)
endif()

function(rollcall_use_precompiled)
    if(TARGET rollcall_precompiled)
        foreach(target IN LISTS ARGN)
            target_precompile_headers(${target} REUSE_FROM rollcall_precompiled)
        endforeach()
    endif()
endfunction()
