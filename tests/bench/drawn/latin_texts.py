"""Sentences in languages with Latin letters, some of which are only theirs, and the fonts for them."""

from __future__ import annotations

from drawn.script_texts import EUROPEAN, SCRIPTS, Script

_TEXTS = {
    "fra": """
Le conseil municipal s'est réuni jeudi pour examiner les projets de la nouvelle bibliothèque du centre-ville.
La plupart des intervenants étaient favorables, même si plusieurs voisins ont posé des questions sur la circulation.
Le bâtiment aura trois étages, une salle de lecture et un petit jardin derrière la grande salle.
Les travaux commenceront en mars et devraient être achevés avant la fin de l'année prochaine.
Les lecteurs pourront emprunter des livres, des cartes et de la musique, et les enfants auront leur propre pièce.
La vieille maison près de la rivière est fermée, car son toit doit être réparé avant l'hiver.
Les lettres et les colis doivent être envoyés à la nouvelle adresse, imprimée au dos de cette page.
""",
    "spa": """
El ayuntamiento se reunió el jueves para estudiar los planes de la nueva biblioteca en el centro de la ciudad.
La mayoría de los oradores estaba a favor, aunque varios vecinos preguntaron por el tráfico en su calle.
El edificio tendrá tres pisos, una sala de lectura y un pequeño jardín detrás del salón principal.
Las obras empezarán en marzo y deberían terminar antes del final del próximo año.
Los visitantes podrán llevarse libros, mapas y música, y los niños tendrán su propia habitación.
¿Quién cuidará los árboles del jardín mañana? La pregunta quedó sin respuesta durante la reunión.
Las cartas y los paquetes deben enviarse a la nueva dirección, que está impresa en esta página.
""",
    "ita": """
Il consiglio comunale si è riunito giovedì per esaminare i progetti della nuova biblioteca nel centro della città.
La maggior parte dei presenti era favorevole, benché diversi vicini abbiano chiesto notizie sul traffico.
L'edificio avrà tre piani, una sala di lettura e un piccolo giardino dietro la sala principale.
I lavori cominceranno in marzo e dovrebbero finire prima della fine dell'anno prossimo.
I visitatori potranno prendere in prestito libri, mappe e musica, e i bambini avranno una stanza tutta per loro.
La vecchia casa accanto al fiume è chiusa, perché il tetto deve essere riparato prima dell'inverno.
Le lettere e i pacchi vanno spediti al nuovo indirizzo, che è stampato sul retro di questa pagina.
""",
    "por": """
A câmara municipal reuniu-se na quinta-feira para discutir os planos da nova biblioteca no centro da cidade.
A maioria dos presentes estava a favor, embora vários vizinhos tenham feito perguntas sobre o trânsito.
O edifício terá três andares, uma sala de leitura e um pequeno jardim atrás do salão principal.
As obras começam em março e deverão terminar antes do fim do próximo ano, segundo a informação publicada.
Os visitantes poderão levar livros, mapas e música, e as crianças terão uma sala só para elas.
A velha casa junto ao rio está fechada, porque o telhado precisa de reparação antes do inverno.
As cartas e as encomendas devem ser enviadas para o novo endereço, que não está nesta página.
""",
    "nld": """
De gemeenteraad kwam donderdag bijeen om de plannen voor de nieuwe bibliotheek in het centrum te bespreken.
De meeste sprekers waren ervoor, hoewel verschillende buren vragen stelden over het verkeer in hun straat.
Het gebouw krijgt drie verdiepingen, een leeszaal en een kleine tuin achter de grote zaal.
Het werk begint in maart en moet voor het einde van het volgende jaar klaar zijn.
Bezoekers kunnen boeken, kaarten en muziek lenen, en kinderen krijgen een eigen ruimte.
Het oude huis bij de rivier is gesloten, omdat het dak voor de winter gerepareerd moet worden.
Brieven en pakketten moeten naar het nieuwe adres worden gestuurd, dat op deze bladzijde staat.
""",
    "pol": """
Rada miasta zebrała się w czwartek, aby omówić plany nowej biblioteki w centrum miasta.
Większość mówców była za, chociaż kilku sąsiadów pytało o ruch na swojej ulicy.
Budynek będzie miał trzy piętra, czytelnię i mały ogród za główną salą.
Prace zaczną się w marcu i powinny skończyć się przed końcem następnego roku.
Czytelnicy będą mogli wypożyczać książki, mapy i płyty, a dzieci dostaną własny pokój.
Stary dom nad rzeką jest zamknięty, ponieważ jego dach trzeba naprawić jeszcze przed zimą.
Listy i paczki należy wysyłać na nowy adres, który wydrukowano na odwrocie tej strony.
""",
    "ces": """
Zastupitelstvo se sešlo ve čtvrtek, aby projednalo plány nové knihovny ve středu města.
Většina řečníků byla pro, i když se několik sousedů ptalo na provoz ve své ulici.
Budova bude mít tři patra, čítárnu a malou zahradu za hlavním sálem.
Práce začnou v březnu a měly by skončit před koncem příštího roku.
Návštěvníci si mohou půjčovat knihy, mapy a hudbu a děti budou mít vlastní místnost.
Starý dům u řeky je zavřený, protože jeho střecha se musí opravit ještě před zimou.
Dopisy a balíky posílejte na novou adresu, která je vytištěna na druhé straně této stránky.
""",
    "tur": """
Belediye meclisi perşembe günü şehir merkezindeki yeni kütüphanenin planlarını görüşmek için toplandı.
Konuşanların çoğu plandan yanaydı, ama birkaç komşu sokaktaki trafiği sordu.
Binanın üç katı, bir okuma salonu ve büyük salonun arkasında küçük bir bahçesi olacak.
Çalışmalar mart ayında başlayacak ve gelecek yılın sonundan önce bitecek.
Ziyaretçiler kitap, harita ve müzik ödünç alabilecek, çocukların da kendi odası olacak.
Irmağın yanındaki eski ev kapalı, çünkü çatısının kıştan önce onarılması gerekiyor.
Mektuplar ve paketler bu sayfanın arkasında yazılı olan yeni adrese gönderilmelidir.
""",
    "vie": """
Hội đồng thành phố họp vào thứ năm để bàn về kế hoạch xây dựng thư viện mới ở trung tâm.
Phần lớn những người phát biểu đều ủng hộ, mặc dù một số hàng xóm hỏi về giao thông trên đường phố.
Tòa nhà sẽ có ba tầng, một phòng đọc sách và một khu vườn nhỏ phía sau hội trường lớn.
Công việc bắt đầu vào tháng ba và sẽ kết thúc trước cuối năm sau.
Người đọc có thể mượn sách, bản đồ và âm nhạc, còn trẻ em có một căn phòng riêng.
Ngôi nhà cũ bên bờ sông đang đóng cửa vì mái nhà cần được sửa chữa trước mùa đông.
Thư từ và bưu kiện nên được gửi đến địa chỉ mới in ở mặt sau của trang này.
""",
}

LATIN = {name: Script(EUROPEAN, text) for name, text in _TEXTS.items()}
TEXTS = SCRIPTS | LATIN
"""The languages of all texts."""
