using System.Globalization;
using System.Text.RegularExpressions;
using Konko.Cli.Running;

namespace Konko.Cli.Hub;

/// <summary>A model of a repository in one quantisation: a file, or all files of a split one.</summary>
/// <param name="Name">The file's path without <c>.gguf</c> and without the number of a part.</param>
/// <param name="Files">The file; of a split model all of them that are there, in their order.</param>
/// <param name="Parts">How many files there should be.</param>
internal sealed partial record HubModel(string Name, IReadOnlyList<HubFile> Files, int Parts)
{
    private const int MostParts = 1024;
    private const int MostShown = 40;
    private const string Usual = "Q4_K_M";

    /// <summary>The quantisation as its name has it, such as <c>Q4_K_M</c> or <c>UD-Q4_K_XL</c>; null where it has none.</summary>
    public string? Quantization => (QuantOf(Name) ?? QuantOf(Name[..Math.Max(0, Name.LastIndexOf('/'))]))?.ToUpperInvariant();

    /// <summary>Size of all files.</summary>
    public long Bytes => Files.Sum(file => Math.Clamp(file.Bytes, 0, HubFile.MostBytes));

    /// <summary>Puts the files of a repository together to models; projectors of images and matrices of importance are none.</summary>
    public static IReadOnlyList<HubModel> Of(IEnumerable<HubFile> files) =>
        [.. files
            .Where(file => !IsNoModel().IsMatch(file.Name))
            .Select(file => (File: file, Part: SplitName().Match(file.Path)))
            .GroupBy(each => each.Part.Success ? (Name: each.Part.Groups[1].Value, Parts: Number(each.Part.Groups[3])) : (Name: each.File.Path[..^".gguf".Length], Parts: 1))
            .Select(group => new HubModel(group.Key.Name, [.. group.OrderBy(each => each.File.Path, StringComparer.Ordinal).Select(each => each.File)], group.Key.Parts))
            .OrderBy(model => model.Bytes)];

    /// <summary>The model that is meant: by its quantisation or its file; where nothing is said, the only one, else Q4_K_M.</summary>
    /// <exception cref="FailureException">There is none, or it cannot be pulled; the message lists what there is.</exception>
    public static HubModel Choose(HubReference reference, IReadOnlyList<HubModel> models)
    {
        if (models.Count == 0) throw new FailureException($"{reference.Repository} has no GGUF file; Konko runs no other. Look for a repository whose name ends in -GGUF.", ExitCodes.Usage);
        HubModel[] meant = [.. models.Where(model => reference.Wanted is string wanted ? model.IsCalled(wanted) : models.Count == 1 || model.Quantization == Usual)];
        if (meant.Length == 0 && reference.Wanted is string end) meant = [.. models.Where(model => model.EndsWith(end))];
        if (meant is [HubModel only]) return only.Checked();
        string there = string.Join(", ", (meant.Length > 1 ? meant : models).Take(MostShown).Select(model => model.Shown(meant.Length > 1))) + (models.Count > MostShown ? ", …" : "");
        throw new FailureException(
            meant.Length > 1 ? $"{reference.Repository} has several of these; name the file: {there}."
            : reference.Wanted is null ? $"{reference.Repository} has several models; name one behind a colon: {there}."
            : $"{reference.Repository} has no '{reference.Wanted}'; it has {there}.", ExitCodes.Usage);
    }

    /// <summary>The names that the files get here.</summary>
    /// <param name="name">The name that the model shall have, with <c>.gguf</c>; null keeps that of the hub.</param>
    public IReadOnlyList<string> LocalNames(string? name) =>
        name is null ? [.. Files.Select(file => file.Name)]
        : Parts == 1 ? [name]
        : [.. Enumerable.Range(1, Parts).Select(part => string.Create(CultureInfo.InvariantCulture, $"{name[..^".gguf".Length]}-{part:D5}-of-{Parts:D5}.gguf"))];

    private bool IsCalled(string wanted) =>
        wanted.Equals(Quantization, StringComparison.OrdinalIgnoreCase) || wanted.Equals(Name, StringComparison.OrdinalIgnoreCase)
        || Files.Any(file => wanted.Equals(file.Path, StringComparison.OrdinalIgnoreCase) || wanted.Equals(file.Name, StringComparison.OrdinalIgnoreCase));

    // Makers put a name of their own before it: UD-Q4_K_XL.
    private bool EndsWith(string wanted) => Quantization?.EndsWith("-" + wanted, StringComparison.OrdinalIgnoreCase) == true;

    private HubModel Checked()
    {
        if (Files.FirstOrDefault(file => !file.IsSafe) is HubFile unsafeFile) throw new FailureException($"'{unsafeFile.Path}' is no name that a file gets here; nothing was written.");
        if (Parts is < 1 or > MostParts || Files.Count != Parts || Files.Where((file, i) => Parts > 1 && Number(SplitName().Match(file.Path).Groups[2]) != i + 1).Any())
        {
            throw new FailureException($"{Name}: the hub has not all of its {Parts} files.");
        }

        foreach (HubFile file in Files)
        {
            if (file.Bytes is <= 0 or > HubFile.MostBytes) throw new FailureException($"{file.Name}: the hub says that it has {file.Bytes.ToString(CultureInfo.InvariantCulture)} bytes.");
            if (file.Sha256 is null) throw new FailureException($"{file.Name}: the hub gives no SHA-256 of it, so that nobody could tell whether it came whole.");
        }

        return this;
    }

    private string Shown(bool name) => $"{(name ? Name : Quantization ?? Name)} ({ByteText.Size(Bytes)})";

    private static string? QuantOf(string name) => QuantName().Match(name) is { Success: true } match ? match.Groups[1].Value : null;

    private static int Number(Group group) => int.Parse(group.ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(.+)-([0-9]{5})-of-([0-9]{5})\.gguf\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex SplitName();

    [GeneratedRegex(@"(?:^|[-._/])((?:UD-)?(?:I?Q[0-9](?:_[A-Z0-9]+)*|TQ[0-9]_[0-9]|BF16|FP?16|FP?32|MXFP4(?:_[A-Z0-9]+)*))\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex QuantName();

    [GeneratedRegex(@"^mmproj|[-._]mmproj|imatrix", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex IsNoModel();
}
