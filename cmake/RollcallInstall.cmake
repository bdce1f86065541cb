# What `cmake --install` puts where: libraries, their headers as the plugin SDK, and the package config.
install(DIRECTORY src/core/ DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/rollcall/core"
        FILES_MATCHING PATTERN "*.h" PATTERN "*_p.h" EXCLUDE)
