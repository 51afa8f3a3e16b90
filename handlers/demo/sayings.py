"""What is asked in vain in a demonstration, and what its referents write."""

from dataclasses import dataclass

from knowledge.entries import Audience


@dataclass(frozen=True, slots=True)
class Family:
    """The same thing in several wordings, nearest to an entry that does not answer it."""

    near: str
    audience: Audience
    wordings: tuple[str, ...]


IN_VAIN = (
    Family(
        "credit-start",
        Audience.JEUNE,
        (
            "mon crédit a disparu de l'appli depuis la mise à jour de mardi",
            "depuis la mise à jour de mardi je vois plus mon crédit dans l'appli",
            "mise à jour de l'appli mardi et mon crédit a disparu, c'est normal ?",
            "crédit disparu de l'appli après la mise à jour",
            "l'appli s'est mise à jour et mon crédit n'apparaît plus",
        ),
    ),
    Family(
        "coll-figures",
        Audience.COLLECTIVITE,
        (
            "Pouvez-vous nous envoyer les chiffres d'inscription par quartier prioritaire ?",
            "Avez-vous le nombre d'inscrits par quartier prioritaire de la ville ?",
            "Nous cherchons les chiffres d'inscription dans les quartiers prioritaires",
            "Chiffres d'inscrits par quartier prioritaire pour notre contrat de ville ?",
        ),
    ),
    Family(
        "pro-create-account",
        Audience.PARTENAIRE,
        (
            "Notre SIRET vient de changer après la fusion des deux associations, que devient le compte pro ?",
            "Fusion d'associations : nouveau SIRET, faut-il refaire tout le compte pro ?",
            "Après une fusion d'associations notre SIRET a changé, comment garder le compte pro ?",
        ),
    ),
    Family(
        "relay-present",
        Audience.RELAIS,
        (
            "Avez-vous des affiches du pass Culture en langue des signes ou faciles à lire ?",
            "Existe-t-il des affiches pass Culture en facile à lire et à comprendre ?",
            "Nous cherchons des affiches du pass Culture faciles à lire pour un foyer",
        ),
    ),
)
"""Asked in the last weeks."""

SPIKE = (
    "Notre virement de remboursement du 15 n'est pas arrivé",
    "le virement de remboursement du 15 n'est toujours pas arrivé sur notre compte",
    "Remboursement du 15 : aucun virement reçu, est-ce général ?",
    "Bonjour, le virement prévu le 15 n'est pas là, nous attendons ce remboursement",
    "Pas de remboursement ce mois-ci, le virement du 15 manque",
)
"""Asked in the last whole week, all at once."""

REPLIES = (
    (
        "Bonjour,\n\n"
        "J'ai regardé avec l'équipe nationale : votre dossier a été repris ce matin. Vous recevrez "
        "une réponse par courriel d'ici deux jours ouvrés.\n\n"
        "Bonne journée,"
    ),
    (
        "Bonjour,\n\n"
        "Le document envoyé n'était pas lisible. Pouvez-vous le déposer de nouveau dans votre "
        "espace, à plat et en entier ? Je suis la suite de votre demande."
    ),
    (
        "Bonjour,\n\n"
        "Votre structure est bien rattachée. Il reste à renseigner les coordonnées bancaires dans "
        "l'espace pass Culture Pro, rubrique « Remboursements »."
    ),
    (
        "Bonjour,\n\n"
        "Merci de votre message. Nous proposons une visioconférence de prise en main chaque premier "
        "jeudi du mois, à 14 h : je vous y inscris si vous le souhaitez."
    ),
    (
        "Bonjour,\n\n"
        "L'offre était refusée parce que la date était passée. Vous pouvez la dupliquer avec une "
        "nouvelle date, elle sera vue sous 72 heures."
    ),
    (
        "Bonjour,\n\n"
        "Je transmets vos chiffres à la réunion de territoire et reviens vers vous la semaine "
        "prochaine."
    ),
    (
        "Bonjour,\n\n"
        "Le compte a été réactivé. Déconnectez-vous puis reconnectez-vous à l'application pour que "
        "le crédit apparaisse."
    ),
)
THANKS = ("Merci beaucoup, c'est réglé !", "Parfait, merci pour votre réponse.", "Ça marche, merci.")
ASKED_AGAIN = (
    "Bonjour, je n'ai toujours rien reçu, pouvez-vous regarder ?",
    "Merci, mais cela ne marche pas encore chez nous.",
    "J'ai renvoyé le document hier, l'avez-vous ?",
)
NOTES = (
    "Vu au téléphone avec la structure : elle attend le retour du comptable.",
    "Même cas que la semaine dernière, à regrouper au point de lundi.",
    "Demandé au bureau national, réponse promise pour vendredi.",
)
