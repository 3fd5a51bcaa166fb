using System.Net;
using System.Net.Sockets;

namespace Konko.Cli.Tests;

public sealed class CommandLineTests
{
    [Fact]
    public async Task Run_Version_PrintsItAndTheRuntime()
    {
        (int exitCode, string output, string error) = await KonkoProcess.RunAsync("version");

        Assert.Equal((0, ""), (exitCode, error));
        Assert.Matches(@"^konko \d+\.\d+\.\d+\S* \(\.NET 10\.\S+, \S+\)$", output);
    }

    [Fact]
    public async Task Run_NoArguments_PrintsTheHelp()
    {
        (int exitCode, string output, string error) = await KonkoProcess.RunAsync();

        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains("konko [command]", output, StringComparison.Ordinal);
        Assert.Contains("serve", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_UnknownFlag_IsAUsageErrorInTwoLines()
    {
        (int exitCode, string output, string error) = await KonkoProcess.RunAsync("serve", "--prot=1");

        Assert.Equal((2, ""), (exitCode, output));
        Assert.Equal("konko: Unrecognized command or argument '--prot=1'.\nkonko: 'konko serve --help' lists what there is.", error.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task Run_WrongSettings_ReportsThemAll()
    {
        (int exitCode, string output, string error) = await KonkoProcess.RunAsync("serve", "--port", "x", "--threads", "0", "--key", "@x", "--no-auth");

        Assert.Equal((2, ""), (exitCode, output));
        Assert.Equal(
            "konko: port (--port): must be a whole number from 0 to 65535, not 'x'.\nkonko: threads (--threads): must be a whole number from 1 to 1024, not '0'.",
            error.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task Run_PortInUse_IsSaidBeforeAnythingElse()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        string port = $"{((IPEndPoint)other.LocalEndpoint).Port}";

        (int exitCode, string output, string error) = await KonkoProcess.RunAsync("serve", "--port", port);

        Assert.Equal((1, ""), (exitCode, output));
        Assert.Equal($"konko: port {port} on 127.0.0.1 is in use; stop what listens there, or choose another with --port.", error);
    }
}
