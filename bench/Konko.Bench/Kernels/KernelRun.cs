using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;
using Perfolizer.Horology;

namespace Konko.Bench.Kernels;

/// <summary>Runs the benchmark of the kernels and prints its table.</summary>
internal static class KernelRun
{
    /// <summary>Measures what was chosen.</summary>
    /// <returns>The program's exit code.</returns>
    public static int Run(KernelChoice choice)
    {
        KernelChoice.Current = choice;
        // In this process, because the ceilings are probed in it between the cases.
        Job job = Job.Default
            .WithToolchain(InProcessNoEmitToolchain.DontLogOutput)
            .WithWarmupCount(5)
            .WithIterationCount(9)
            .WithIterationTime(TimeInterval.FromMilliseconds(40));
        ManualConfig config = ManualConfig.CreateEmpty()
            .AddJob(job)
            .AddLogger(NullLogger.Instance)
            .AddColumn(new ParamsColumn(nameof(KernelBenchmarks.Shape)), new ParamsColumn(nameof(KernelBenchmarks.Type)), new ParamsColumn(nameof(KernelBenchmarks.Tokens)), new ParamsColumn(nameof(KernelBenchmarks.Threads)))
            .AddColumn(StatisticColumn.Median, StatisticColumn.Min, StatisticColumn.Max)
            .AddColumn(RateColumn.All)
            .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "konko-bench"));
        Summary summary = BenchmarkRunner.Run<KernelBenchmarks>(config);
        MarkdownExporter.Console.ExportToLog(summary, ConsoleLogger.Unicode);
        foreach (var error in summary.ValidationErrors) Console.Error.WriteLine(error.Message);
        return summary.HasCriticalValidationErrors || summary.Reports.Any(report => !report.Success) ? 1 : 0;
    }
}
