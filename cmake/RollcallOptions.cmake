# Options, language level, output folders and warnings for every target.
include(GNUInstallDirs)

option(ROLLCALL_BUILD_TESTS "Build the tests" ON)
option(ROLLCALL_WERROR "Treat warnings as errors" OFF)
option(ROLLCALL_FUZZ "Link the fuzz targets with libFuzzer (clang; preset fuzz)" OFF)
set(ROLLCALL_SANITIZE "" CACHE STRING "Sanitizers for every target, e.g. address,undefined or thread")

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_AUTOMOC ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

# The build tree looks like the installed one, so that the host finds its plugins in both.
set(ROLLCALL_PLUGIN_DIR "${CMAKE_INSTALL_LIBDIR}/rollcall/plugins")
set(ROLLCALL_WEB_DIR "${CMAKE_INSTALL_DATADIR}/rollcall/web")
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/${CMAKE_INSTALL_LIBDIR}")
set(CMAKE_INSTALL_RPATH "$ORIGIN/../${CMAKE_INSTALL_LIBDIR}")

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
    set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
endif()

add_library(rollcall_flags INTERFACE)
target_compile_options(rollcall_flags INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual
    $<$<BOOL:${ROLLCALL_WERROR}>:-Werror>)
target_compile_definitions(rollcall_flags INTERFACE
    QT_NO_KEYWORDS QT_NO_CAST_TO_ASCII QT_NO_URL_CAST_FROM_STRING QT_STRICT_ITERATORS
    QT_NO_NARROWING_CONVERSIONS_IN_CONNECT
    _FILE_OFFSET_BITS=64) # hiredis asks for it; the same everywhere, for the precompiled header
if(ROLLCALL_SANITIZE)
    target_compile_options(rollcall_flags INTERFACE
        -fsanitize=${ROLLCALL_SANITIZE} -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
    target_link_options(rollcall_flags INTERFACE -fsanitize=${ROLLCALL_SANITIZE})
endif()
