using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Konko.Cli.Help;
using Konko.Server;
using Konko.Server.Configuration;
using Konko.Server.Hosting;
using Konko.Server.Models;

namespace Konko.Cli;

/// <summary><c>konko serve</c>: runs a server until it is told to stop.</summary>
internal static class ServeCommand
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(100);

    public static Command Create()
    {
        var command = new Command("serve", "Serves models over HTTP. Settings come from konko.json, above it KONKO_… variables, above them flags.");
        var config = new Option<string?>("--config") { Description = "The configuration file. Default: konko.json in the current directory, if there is one.", HelpName = "FILE" };
        command.Options.Add(config);
        var flags = new SettingFlags(command);
        command.SetAction((result, _) => RunAsync(
            new ConfigurationSources
            {
                Flags = flags.Read(result),
                Environment = ConfigurationSources.ProcessEnvironment(),
                File = result.GetValue(config),
                Directory = Directory.GetCurrentDirectory(),
                UserDirectory = UserFolder.Path,
            },
            result.InvocationConfiguration.Output,
            result.InvocationConfiguration.Error));
        return command.WithExamples(
            "konko serve                                 # the embedded models, on this machine only",
            "konko serve --models-dir ~/models           # every model of a folder, each loaded on demand",
            "konko serve --model my.gguf=me/mine --port 8080",
            "konko serve --host '*' --keys-file keys.txt # for others too, who need a key");
    }

    private static async Task<int> RunAsync(ConfigurationSources sources, TextWriter output, TextWriter error)
    {
        // Not the process's own start: before it became this program it may have been the one that built it.
        long started = Stopwatch.GetTimestamp();
        LoadedConfiguration configuration = ConfigurationLoader.Load(sources);
        foreach (SettingError wrong in configuration.Errors) await error.WriteLineAsync($"konko: {wrong}");
        if (configuration.Errors.Count > 0) return ExitCodes.Usage;

        KonkoServer server;
        try
        {
            server = KonkoServer.Create(configuration.Options with { DataDirectory = configuration.Options.DataDirectory ?? UserFolder.Path });
        }
        catch (Exception exception) when (exception is ListenException or CryptographicException)
        {
            await error.WriteLineAsync("konko: " + (exception is ListenException ? exception.Message : $"the certificate cannot be used: {exception.Message}"));
            return ExitCodes.Failure;
        }

        await using (server) return await RunAsync(server, started, output, error);
    }

    private static async Task<int> RunAsync(KonkoServer server, long started, TextWriter output, TextWriter error)
    {
        await server.StartAsync();
        foreach (string line in StartBanner.Lines(server)) await output.WriteLineAsync(line);
        await output.FlushAsync();
        Task said = Task.CompletedTask;
        await using CancellationTokenRegistration told = server.Stopping.Register(() => said = SayStoppingAsync(server, output));

        int exitCode = ExitCodes.Success;
        using var failed = new CancellationTokenSource();
        Task ready = ReadyAsync();
        await server.WaitForShutdownAsync(failed.Token);
        await said;
        if (failed.IsCancellationRequested) await ready;
        return exitCode;

        async Task ReadyAsync()
        {
            try
            {
                await server.Loading;
                TimeSpan since = Stopwatch.GetElapsedTime(started);
                await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"Ready after {since.TotalSeconds:0.00} s. Ctrl-C stops."));
                // What files were read with is garbage now, and a server that answers a little would not need its memory for hours.
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            }
            catch (ModelLoadException exception)
            {
                await error.WriteLineAsync("konko: " + exception.Message);
                exitCode = ExitCodes.Failure;
                await failed.CancelAsync();
            }
            catch (OperationCanceledException)
            {
                // Told to stop before it was ready.
            }
        }
    }

    private static async Task SayStoppingAsync(KonkoServer server, TextWriter output)
    {
        // An answer is counted out just after its last byte, which its reader may have by now: that is nothing to wait for.
        long told = Stopwatch.GetTimestamp();
        while (server.Running > 0 && Stopwatch.GetElapsedTime(told) < Moment) await Task.Delay(Moment / 10);

        int running = server.Running;
        string answers = running == 1 ? "1 running answer" : string.Create(CultureInfo.InvariantCulture, $"{running} running answers");
        string seconds = server.Options.DrainTimeout.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        await output.WriteLineAsync(running == 0 ? "Stopping." : $"Stopping; waiting up to {seconds} s for {answers}. Ctrl-C again ends at once.");
    }
}
