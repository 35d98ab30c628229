# powershell -File packaging\bundle\windows.ps1 [FOLDER]: builds FOLDER\ocrdesk (dist) on Windows, and a ZIP of it.
#
# A recipe: it was written from the documentation of its tools and has not been run, because the project has no Windows.
# The folder has the window and the command line. They use a server on another machine, in WSL or in a container, because
# the local server does not run on Windows. Needs Python 3.11 or newer from python.org (the launcher py).
param([string]$Folder = "dist")
$ErrorActionPreference = "Stop"
$root = (Resolve-Path "$PSScriptRoot\..\..").Path
$work = Join-Path ([IO.Path]::GetTempPath()) ("ocrdesk-" + [guid]::NewGuid())
New-Item -ItemType Directory -Force $work, $Folder | Out-Null
$Folder = (Resolve-Path $Folder).Path

function Invoke-Step {
    & $args[0] $args[1..($args.Count - 1)]
    if ($LASTEXITCODE -ne 0) { throw "failed with ${LASTEXITCODE}: $args" }
}

try {
    $env:PIP_CONSTRAINT = "$root\packaging\constraints.txt"
    $env:PIP_DISABLE_PIP_VERSION_CHECK = "1"
    Invoke-Step py -3 -m venv "$work\env"
    $python = "$work\env\Scripts\python.exe"
    Invoke-Step $python -m pip --quiet wheel --no-deps --wheel-dir $work $root
    $wheel = (Get-Item "$work\ocrdesk-*.whl").FullName
    Invoke-Step $python -m pip --quiet install "$wheel[desktop]"
    Invoke-Step $python -m pip --quiet install -r "$root\packaging\bundle\requirements.txt"
    Push-Location $work # in a checkout its sources would be collected, and not what the wheel has
    Invoke-Step $python -m PyInstaller --log-level WARN --noconfirm --distpath $Folder --workpath "$work\build" `
        "$root\packaging\bundle\ocrdesk.spec"
    Copy-Item "$root\LICENSE" "$Folder\ocrdesk\LICENSE"
    Invoke-Step "$Folder\ocrdesk\ocrdesk.exe" --version
    Compress-Archive -Force "$Folder\ocrdesk" "$Folder\ocrdesk-windows.zip"
}
finally {
    Set-Location $root
    Remove-Item -Recurse -Force $work
}
