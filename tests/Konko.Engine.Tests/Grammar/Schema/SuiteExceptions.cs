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
        // Nothing is fetched.
        "draft2020-12/ref.json: remote ref, containing refs itself",
        "draft2020-12/ref.json: URN base URI with f-component",
        "draft2020-12/optional/ecmascript-regex.json: \\a is not an ECMA 262 control escape",
        "draft2020-12/defs.json: validate definition against metaschema",
        "draft2020-12/id.json: Invalid use of fragments in location-independent $id",
        "draft2020-12/id.json: Valid use of empty fragments in location-independent $id",
        "draft2020-12/id.json: Unnormalized $ids are allowed but discouraged",
        "draft2020-12/anchor.json: invalid anchors",
        "draft2020-12/refRemote.json: remote ref",
        "draft2020-12/refRemote.json: fragment within remote ref",
        "draft2020-12/refRemote.json: anchor within remote ref",
        "draft2020-12/refRemote.json: ref within remote ref",
        "draft2020-12/refRemote.json: base URI change",
        "draft2020-12/refRemote.json: base URI change - change folder",
        "draft2020-12/refRemote.json: base URI change - change folder in subschema",
        "draft2020-12/refRemote.json: root ref in remote ref",
        "draft2020-12/refRemote.json: remote ref with ref to defs",
        "draft2020-12/refRemote.json: Location-independent identifier in remote ref",
        "draft2020-12/refRemote.json: retrieved nested refs resolve relative to their URI not $id",
        "draft2020-12/refRemote.json: remote HTTP ref with different $id",
        "draft2020-12/refRemote.json: remote HTTP ref with different URN $id",
        "draft2020-12/refRemote.json: remote HTTP ref with nested absolute ref",
        "draft2020-12/dynamicRef.json: strict-tree schema, guards against misspelled properties",
        "draft2020-12/dynamicRef.json: tests for implementation dynamic anchor and reference link",
        "draft2020-12/dynamicRef.json: $ref and $dynamicAnchor are independent of order - $defs first",
        "draft2020-12/dynamicRef.json: $ref and $dynamicAnchor are independent of order - $ref first",
        "draft2020-12/optional/cross-draft.json: refs to historic drafts are processed as historic drafts",
        // No automaton has the tables of these formats, or what they speak of is no regular language.
        "draft2020-12/optional/format/uri-template.json: format: uri-template",
        "draft2020-12/optional/format/iri-reference.json: validation of IRI References",
        "draft2020-12/optional/format/idn-email.json: validation of an internationalized e-mail addresses",
        "draft2020-12/optional/format/regex.json: validation of regular expressions",
        "draft2020-12/optional/format/idn-hostname.json: validation of internationalized host names",
        "draft2020-12/optional/format/iri.json: validation of IRIs",
        // What has been written would have to be remembered.
        "draft2020-12/uniqueItems.json: uniqueItems validation",
        "draft2020-12/uniqueItems.json: uniqueItems with an array of items",
        "draft2020-12/uniqueItems.json: uniqueItems with an array of items and additionalItems=false",
        // A name that means several schemas would have to be looked up along the way to it.
        "draft2020-12/dynamicRef.json: A $dynamicRef resolves to the first $dynamicAnchor still in scope that is encountered when the schema is evaluated",
        "draft2020-12/dynamicRef.json: A $dynamicRef with intermediate scopes that don't include a matching $dynamicAnchor does not affect dynamic scope resolution",
        "draft2020-12/dynamicRef.json: A $dynamicRef that initially resolves to a schema with a matching $dynamicAnchor resolves to the first $dynamicAnchor in the dynamic scope",
        "draft2020-12/dynamicRef.json: after leaving a dynamic scope, it is not used by a $dynamicRef",
        // Names that are free could stand twice, and count once.
        "draft2020-12/dependentSchemas.json: dependencies with escaped characters",
        "draft2020-12/optional/dependencies-compatibility.json: schema dependencies with escaped characters",
        // Which of several ways holds is not known while it is written.
        "draft2020-12/unevaluatedProperties.json: unevaluatedProperties with anyOf",
        "draft2020-12/unevaluatedItems.json: unevaluatedItems depends on adjacent contains",
        "draft2020-12/not.json: collect annotations inside a 'not', even if collection is disabled",
        // The opposite speaks of some member, not of all.
        "draft2020-12/unevaluatedProperties.json: dynamic evalation inside nested refs",
        "draft2020-12/dynamicRef.json: multiple dynamic paths to the $dynamicRef keyword",
        // Two counts would have to be kept of one array.
        "draft2020-12/unevaluatedItems.json: unevaluatedItems depends on multiple nested contains",
        "draft2020-12/unevaluatedItems.json: unevaluatedItems and contains interact to control item dependency relationship",
        // The remainder takes more states than there may be.
        "draft2020-12/multipleOf.json: float division = inf",
    };

    /// <summary>Values that the suite judges by draft 7, or that the language writes in no way.</summary>
    public static readonly HashSet<string> Different = new(StringComparer.Ordinal)
    {
        // In draft 2020-12 what stands beside $ref counts.
        "ref.json: ref overrides any sibling keywords: ref valid, maxItems ignored",
        // A vocabulary that leaves keywords out is not read: all are asked for.
        "draft2020-12/vocabulary.json: schema that uses custom metaschema with with no validation vocabulary: no validation: invalid number, but it still validates",
        // Integers have no exponent.
        "draft2020-12/optional/float-overflow.json: all integers are multiples of 0.5, if overflow is handled: valid if optional overflow handling is implemented",
        // One of the ways is everything: what the others speak of is then not looked at.
        "draft2020-12/unevaluatedItems.json: unevaluatedItems with nested items: with no additional items",
        // The second 60 is written in UTC only.
        "draft2020-12/optional/format/time.json: validation of time strings: valid leap second, positive time-offset",
        "draft2020-12/optional/format/time.json: validation of time strings: valid leap second, large positive time-offset",
        "draft2020-12/optional/format/time.json: validation of time strings: valid leap second, negative time-offset",
        "draft2020-12/optional/format/time.json: validation of time strings: valid leap second, large negative time-offset",
        "draft2020-12/optional/format/date-time.json: validation of date-time strings: a valid date-time with a leap second, with minus offset",
    };
}
