namespace Konko.Engine.Templates.Values;

/// <summary>Which of Python's sequences a <see cref="ListValue"/> stands for.</summary>
internal enum SequenceKind
{
    /// <summary><c>list</c>.</summary>
    List,

    /// <summary><c>tuple</c>.</summary>
    Tuple,

    /// <summary><c>range</c>.</summary>
    Range,

    /// <summary>What a dictionary's <c>keys</c> returns.</summary>
    Keys,

    /// <summary>What a dictionary's <c>values</c> returns.</summary>
    Values,

    /// <summary>What a dictionary's <c>items</c> returns.</summary>
    Items,

    /// <summary>What <c>map</c>, <c>select</c> and their like return: always true, without a length, read once.</summary>
    Generator,
}
