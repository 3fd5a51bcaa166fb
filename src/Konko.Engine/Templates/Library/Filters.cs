using System.Collections.Frozen;

namespace Konko.Engine.Templates.Library;

/// <summary>The filters a template can use: Jinja's, except random, pprint, wordwrap, filesizeformat and those for web pages (striptags, urlencode, urlize, xmlattr).</summary>
internal static class Filters
{
    private static readonly FrozenDictionary<string, Filter> Table = new[]
    {
        TextFilters.Table, NumberFilters.Table, SequenceFilters.Table, SelectionFilters.Table, JsonFilter.Table,
    }.SelectMany(static table => table).ToFrozenDictionary();

    /// <summary>A filter by name, or null.</summary>
    public static Filter? Find(string name) => Table.GetValueOrDefault(name);
}
