namespace Konko.Cli.Connection;

/// <summary>What a model is wanted for.</summary>
internal enum ModelKind
{
    /// <summary>Conversations.</summary>
    Chat,

    /// <summary>Continuations of text.</summary>
    Text,

    /// <summary>Vectors.</summary>
    Embedding,

    /// <summary>Anything, such as its tokens.</summary>
    Any,
}
