using Konko.Server.Models;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Konko.Server.Hosting;

/// <summary>Begins to load the models when the application starts, so that it listens at once, and logs what failed.</summary>
internal sealed partial class ModelLoading(ModelRegistry registry, ILogger<ModelLoading> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        registry.Start();
        foreach (RegisteredModel model in registry.Models.Where(m => m.AtStart)) _ = ReportAsync(model);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task ReportAsync(RegisteredModel model)
    {
        try
        {
            await model.Started.Task;
        }
        catch (OperationCanceledException)
        {
            // The server stopped first.
        }
        catch (ModelLoadException exception)
        {
            LogFailure(exception.Message, exception);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Reason}")]
    private partial void LogFailure(string reason, Exception exception);
}
