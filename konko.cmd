@echo off
rem Runs Konko from a clone: builds it when its sources changed, then runs the built program.
setlocal
set "root=%~dp0"
set "app=%root%artifacts\konko"
set "listing=%root%artifacts\konko.sources"

where dotnet >nul 2>nul || (
    echo konko: the .NET SDK 10 is needed and no "dotnet" was found on the PATH. Get it from https://dot.net/download.>&2
    exit /b 1
)
if not exist "%root%artifacts" mkdir "%root%artifacts"

rem Size, date and path of everything the program is built from, compared with those of the last build.
where /r "%root%src" /t *.cs *.csproj *.json *.props 2>nul | findstr /v /i /c:"\bin\\" /c:"\obj\\" > "%listing%.new"
for %%f in ("%root%Directory.Build.props" "%root%Directory.Packages.props" "%root%global.json") do echo %%~zf %%~tf %%f>> "%listing%.new"
if exist "%app%\Konko.Cli.dll" fc /b "%listing%.new" "%listing%" >nul 2>nul && goto run

pushd "%root%"
dotnet --version >nul 2>nul || (
    echo konko: the .NET SDK 10 is needed; this machine has:>&2
    dotnet --list-sdks >&2
    popd
    exit /b 1
)
echo Building Konko (only when its sources changed) ...>&2
set DOTNET_NOLOGO=1
set DOTNET_CLI_TELEMETRY_OPTOUT=1
dotnet publish src\Konko.Cli -c Release -v quiet --artifacts-path "%root%artifacts\build" -o "%app%" -nodeReuse:false > "%root%artifacts\build.log" 2>&1 || (
    type "%root%artifacts\build.log" >&2
    popd
    exit /b 1
)
popd
move /y "%listing%.new" "%listing%" >nul

:run
dotnet "%app%\Konko.Cli.dll" %*
exit /b %errorlevel%
