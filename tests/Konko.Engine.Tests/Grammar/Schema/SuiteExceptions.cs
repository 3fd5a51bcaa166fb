namespace Konko.Engine.Tests.Grammar.Schema;

/// <summary>Where the official suite and the language of schemas part, each with its reason.</summary>
internal static class SuiteExceptions
{
    /// <summary>Schemas that are refused, since they cannot be enforced while tokens are drawn.</summary>
    public static readonly HashSet<string> Refused = new(StringComparer.Ordinal)
    {
        // What has been written would have to be remembered.
        "uniqueItems.json: uniqueItems validation",
        // Nothing is fetched.
        "ref.json: remote ref, containing refs itself",
        // Regular expressions are no regular language.
        "ecmascript-regex.json: ECMA 262 regex non-compliance",
        // Names that are free could stand twice, and count once.
        "draft2020-12.json: minProperties with free names",
        "draft2020-12.json: unevaluatedProperties beside anyOf",
        "draft2020-12.json: uniqueItems",
    };

    /// <summary>Values that the suite judges by draft 7, or that the language writes in no way.</summary>
    public static readonly HashSet<string> Different = new(StringComparer.Ordinal)
    {
        // In draft 2020-12 what stands beside $ref counts.
        "ref.json: ref overrides any sibling keywords: ref valid, maxItems ignored",
    };
}
