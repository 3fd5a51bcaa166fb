using System.Diagnostics;
using Konko.Load;

if (args is ["--help" or "-h", ..])
{
    Console.WriteLine(LoadOptions.Usage);
    return 0;
}

LoadOptions options;
try
{
    options = LoadOptions.Parse(args);
}
catch (Exception exception) when (exception is FormatException or UriFormatException)
{
    Console.Error.WriteLine(exception.Message);
    Console.Error.WriteLine(LoadOptions.Usage);
    return 2;
}

using CancellationTokenSource stop = new();
Console.CancelKeyPress += (_, told) =>
{
    told.Cancel = true;
    stop.Cancel();
};

// A connection for each request: one that the server has just given up would be an error of ours, not of its.
using HttpClient http = StreamClient.NewHttp();
LoadRun run = new(new StreamClient(http, options), options);
await run.WarmUpAsync(stop.Token);
double? before = MemoryMiB();
LoadReport report = LoadReport.Of(await run.RunAsync(stop.Token), options.Slo) with { MemoryBeforeMib = before, MemoryAfterMib = MemoryMiB() };
Console.WriteLine(options.Json ? report.ToJson() : report.ToString());
return report.IsWhole && !(report.MemoryAfterMib > report.MemoryBeforeMib + options.MemorySlackMiB) ? 0 : 1;

double? MemoryMiB()
{
    if (options.Pid is not int pid) return null;
    using Process server = Process.GetProcessById(pid);
    return server.WorkingSet64 / (1024.0 * 1024.0);
}
