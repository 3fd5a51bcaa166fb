using System.Globalization;
using Konko.Engine;
using Konko.Load;

namespace Konko.Bench.Load;

/// <summary>The load generator on an engine in this process: what HTTP costs is the difference.</summary>
internal static class InProcessRun
{
    /// <summary>Reads the command line, loads the model, runs the load and prints its report.</summary>
    /// <returns>The program's exit code.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        string? path = null;
        int threads = 0;
        List<string> rest = [];
        for (int i = 0; i < arguments.Count; i++)
        {
            if (arguments[i] is not ("-m" or "-t"))
            {
                rest.Add(arguments[i]);
                continue;
            }

            if (i + 1 == arguments.Count) throw new FormatException($"{arguments[i]} needs a value.");
            if (arguments[i++] == "-m") path = arguments[i];
            else if (!int.TryParse(arguments[i], NumberStyles.None, CultureInfo.InvariantCulture, out threads)) throw new FormatException($"-t must be a number, not '{arguments[i]}'.");
        }

        LoadOptions options = LoadOptions.Parse(rest);
        if (path is null) throw new FormatException("-m MODEL is missing.");
        // Running streams as the server has them by default.
        await using LocalModel model = await LocalModel.LoadAsync(path, new LocalModelOptions { Threads = threads, MaxRunning = 64 }, TimeProvider.System);
        LoadRun run = new(new InProcessTarget(model), options);
        await run.WarmUpAsync(CancellationToken.None);
        LoadReport report = LoadReport.Of(await run.RunAsync(CancellationToken.None), options.Slo);
        Console.WriteLine(options.Json ? report.ToJson() : report.ToString());
        return report.IsWhole ? 0 : 1;
    }
}
