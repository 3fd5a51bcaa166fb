using Konko.Cli.Running;

namespace Konko.Cli.Connection;

/// <summary>Which of a server's models a command asks where none is named.</summary>
internal static class ModelChoice
{
    private const int MostNames = 10;

    /// <summary>The model: the one that was named; else the server's first one of the kind.</summary>
    /// <param name="connection">The server.</param>
    /// <param name="named">What <c>--model</c> names; null is nothing.</param>
    /// <param name="settings">How the connection was made: a file that is served for this command alone has an id of its own.</param>
    /// <param name="kind">What it is wanted for.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="UsageException">There is none, or it is unclear which.</exception>
    public static async Task<string> FindAsync(ServerConnection connection, string? named, ConnectionSettings settings, ModelKind kind, CancellationToken cancellationToken)
    {
        if (named is not null && settings.ModelFile is null) return named;
        return Choose(await connection.Client.Models.ListAsync(cancellationToken), kind);
    }

    internal static string Choose(IReadOnlyList<Model> models, ModelKind kind)
    {
        if (models.FirstOrDefault(model => Is(model, kind) == true) is { } known) return known.Id;
        // Servers that are no Konko do not say what their models are for.
        Model[] possible = [.. models.Where(model => Is(model, kind) != false)];
        if (possible is [var only]) return only.Id;
        string names = string.Join(", ", models.Take(MostNames).Select(model => model.Id)) + (models.Count > MostNames ? ", …" : "");
        throw new UsageException(
            models.Count == 0 ? "the server has no models; name one with --model."
            : possible.Length == 0 ? $"the server has no model for {Purpose(kind)}; it has {names}."
            : $"the server has several models; name one with --model: {names}.");
    }

    private static bool? Is(Model model, ModelKind kind) => kind switch
    {
        ModelKind.Chat => model.IsChat,
        ModelKind.Text => model.IsText ?? model.IsChat,
        ModelKind.Embedding => model.IsEmbedding,
        _ => model.IsChat ?? model.IsText,
    };

    private static string Purpose(ModelKind kind) => kind switch { ModelKind.Chat => "conversations", ModelKind.Embedding => "vectors", _ => "text" };
}
