using System.Text.RegularExpressions;
using Konko.Engine;
using Konko.Engine.Gguf;
using Konko.Server.Configuration;

namespace Konko.Server.Models;

/// <summary>The GGUF files of a folder: which can be served and by what id, and which cannot and why.</summary>
public sealed partial class ModelFolder
{
    // Far more than anybody serves; a folder of millions must not keep the server from starting.
    private const int MostFiles = 1000;

    private readonly List<ModelOptions> _models = [];
    private readonly List<string> _skipped = [];

    /// <summary>The models by file name, each with its id.</summary>
    public IReadOnlyList<ModelOptions> Models => _models;

    /// <summary>Files that cannot be served: each by name, with the reason.</summary>
    public IReadOnlyList<string> Skipped => _skipped;

    /// <summary>Reads the headers of a folder's files, not of those below it.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="named">Models that are served anyway; they keep their files and ids.</param>
    public static ModelFolder Read(string path, IReadOnlyList<ModelOptions> named)
    {
        ArgumentNullException.ThrowIfNull(named);
        var folder = new ModelFolder();
        var files = new HashSet<string>(named.Select(model => Path.GetFullPath(model.Path)), StringComparer.Ordinal);
        var ids = new HashSet<string>(named.SelectMany(model => (string[])[model.Id!, .. model.Aliases]), StringComparer.OrdinalIgnoreCase);
        string[] found;
        try
        {
            found = [.. Directory.EnumerateFiles(path, "*.gguf", new EnumerationOptions { MatchCasing = MatchCasing.CaseInsensitive, IgnoreInaccessible = true })
                .Take(MostFiles + 1).Order(StringComparer.Ordinal)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            folder._skipped.Add($"{path}: {exception.Message}");
            return folder;
        }

        if (found.Length > MostFiles) folder._skipped.Add($"{path}: only {MostFiles} of its files are looked at.");
        string[] wanted = [.. found.Take(MostFiles).Where(file => !files.Contains(Path.GetFullPath(file)) && !folder.IsFurtherPart(file, found))];
        (string Id, string? Quantization, string? Problem)[] read = [.. wanted.AsParallel().AsOrdered().Select(Describe)];
        for (int i = 0; i < wanted.Length; i++) folder.Add(wanted[i], read[i].Id, read[i].Quantization, read[i].Problem, ids);
        return folder;
    }

    // Files of one model in several quantisations say the same of themselves; the first keeps the short name.
    private void Add(string file, string id, string? quantization, string? problem, HashSet<string> ids)
    {
        string name = Path.GetFileName(file);
        if (problem is not null)
        {
            _skipped.Add(problem.StartsWith(name, StringComparison.Ordinal) ? problem : $"{name}: {problem}");
            return;
        }

        string[] candidates = [id, $"{id}-{quantization}".ToLowerInvariant(), ModelName.FromFile(Whole(name)).ToLowerInvariant()];
        if (candidates.FirstOrDefault(ids.Add) is string free) _models.Add(new ModelOptions { Path = file, Id = free });
        else _skipped.Add($"{name}: another model is served as '{id}'.");
    }

    private static (string Id, string? Quantization, string? Problem) Describe(string file)
    {
        try
        {
            GgufModelCard card = ModelOutline.Read(file).Card;
            string name = Path.GetFileName(file);
            return (ModelCatalogue.KnownFile(name) ?? OwnName(card) ?? ModelName.FromFile(Whole(name)).ToLowerInvariant(), card.Quantization?.ToString(), null);
        }
        catch (Exception exception) when (exception is GgufException or IOException or UnauthorizedAccessException)
        {
            return ("", null, exception.Message);
        }
    }

    /// <summary>Maker and name as the file gives them, as an id; null where it lacks one of the two: a name alone is often no more than "model".</summary>
    internal static string? OwnName(GgufModelCard card)
    {
        string? name = card.Basename is null ? card.Name : string.Join('-', ((string?[])[card.Basename, card.SizeLabel, card.Finetune, card.Version]).OfType<string>());
        if (card.Organization is null || name is null) return null;
        string id = $"{Part(card.Organization)}/{Part(name)}";
        return ModelName.IsValid(id) ? id : null;
    }

    private static string Part(string text) => ModelName.FromText(text).ToLowerInvariant();

    // The first part stands for all of them; it alone can be opened.
    private bool IsFurtherPart(string file, string[] all)
    {
        Match part = SplitName().Match(file);
        if (!part.Success || part.Groups[2].Value == "00001") return false;
        string first = $"{part.Groups[1].Value}-00001-of-{part.Groups[3].Value}.gguf";
        if (!all.Contains(first, StringComparer.OrdinalIgnoreCase)) _skipped.Add($"{Path.GetFileName(file)}: '{Path.GetFileName(first)}', the first file of the split model, is missing.");
        return true;
    }

    private static string Whole(string name)
    {
        Match part = SplitName().Match(name);
        return part.Success ? part.Groups[1].Value + ".gguf" : name;
    }

    [GeneratedRegex(@"^(.*)-(\d{5})-of-(\d{5})\.gguf$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex SplitName();
}
